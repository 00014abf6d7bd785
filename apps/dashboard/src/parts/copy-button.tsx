import { useEffect, useState } from "preact/hooks";

/** Copies a text, and says whether it did. */
export function CopyButton({ text, label = "Copy" }: { readonly text: string; readonly label?: string }) {
  const [said, setSaid] = useState<"copied" | "not copied" | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <button type="button" class="copy" onClick={() => void copy(text).then(setSaid)}>
      <span aria-live="polite">{said === null ? label : said === "copied" ? "✓ Copied" : "Could not copy"}</span>
    </button>
  );
}

async function copy(text: string): Promise<"copied" | "not copied"> {
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    return copyBySelection(text) ? "copied" : "not copied"; // a page from disk, or over plain HTTP from another machine, has no clipboard
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
