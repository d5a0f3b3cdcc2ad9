// Builds dist/widget.js (one classic script) and dist/texts/*.json. The output is committed, so
// it must be the same bytes on every machine: fixed esbuild version, no dates, no paths.
import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { minify } from "terser";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const out = process.env.QIQ_WIDGET_OUT ?? join(root, "dist");

/** Style sheets become minified strings: they are adopted by the shadow root, never a style tag. */
const cssText = {
  name: "css-text",
  setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const built = await build({ entryPoints: [path], bundle: true, minify: true, write: false });
      return { contents: built.outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "texts"), { recursive: true });
const bundled = await build({
  entryPoints: [join(root, "src/main.ts")],
  write: false,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome105", "firefox110", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  plugins: [cssText],
});
// A second look by terser makes it some 2 % smaller after gzip.
const { code } = await minify(bundled.outputFiles[0].text, {
  ecma: 2022,
  compress: { passes: 3 },
  mangle: true,
});
await writeFile(join(out, "widget.js"), code);
for (const name of (await readdir(join(root, "texts"))).filter((n) => n.endsWith(".json")).sort()) {
  const texts = JSON.parse(await readFile(join(root, "texts", name), "utf8"));
  await writeFile(join(out, "texts", name), JSON.stringify(texts));
}
