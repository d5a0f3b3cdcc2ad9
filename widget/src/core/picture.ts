/** Largest picture the gateway takes, in bytes. */
export const MAX_BYTES = 5_000_000;

/** Whether the bytes are a PNG, JPEG or WebP; a name or a claimed type proves nothing. */
export async function isPicture(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return (
    text.startsWith("\x89PNG\r\n\x1a\n") ||
    text.startsWith("\xff\xd8\xff") ||
    (text.startsWith("RIFF") && text.endsWith("WEBP"))
  );
}
