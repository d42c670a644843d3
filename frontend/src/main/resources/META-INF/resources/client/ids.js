// @ts-check
/** A UUIDv7: unique, and rising with time, which keeps logs easy to read. @param {number} now milliseconds since 1970 */
export function newMessageId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[0] = 0x70 | (bytes[0] & 0x0f);
  bytes[2] = 0x80 | (bytes[2] & 0x3f);
  const hex = [now.toString(16).padStart(12, "0"), ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))];
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
