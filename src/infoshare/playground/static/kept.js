// What can be kept, in the address or in a file: plain data there and back.

export const FORMAT = "infoshare.playground/1";

const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const unbase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function packed(data) {
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  return base64(await through(bytes, new CompressionStream("deflate-raw")));
}

// What an address holds; null where it holds nothing of ours.
export async function unpacked(text) {
  try {
    const bytes = await through(unbase64(text), new DecompressionStream("deflate-raw"));
    return sound(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

const isTexts = (value) =>
  value !== null && typeof value === "object" && Object.values(value).every((each) => typeof each === "string");

// Data from an address or a file, as far as it is what this page kept.
export function sound(data) {
  if (data?.format !== FORMAT || !isTexts(data.texts) || !Object.keys(data.texts).length) return null;
  const facts = data.facts !== null && typeof data.facts === "object" && !Array.isArray(data.facts);
  return {
    texts: data.texts,
    began: isTexts(data.began) ? data.began : data.texts,
    example: typeof data.example === "string" ? data.example : "",
    facts: facts ? data.facts : null,
    asOf: /^\d{4}-\d\d-\d\d$/.test(data.asOf) ? data.asOf : null,
    presume: data.presume !== false,
  };
}

export function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
