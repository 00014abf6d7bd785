const EXTENSION = /(?:\.(?:json|jsonl|ndjson))?(?:\.gz)?$/;
/** An ARN of IAM that goes on to the end of the path, since the paths of principals have slashes too. */
const LITERAL = /(?:^|\/)(arn:[\w-]+:iam::(?:\d{12}|aws):(?:role|user|group|policy)\/.+)$/;
const ENCODED = /^arn(?:%3a|:)/i;
const BY_NAME = /(?:^|\/)(\d{12})\/(role|user|group)s?\/([^/]+)$/;
const NAME = /^[\w+=,.@-]+$/;

/**
 * Whom a file speaks of, by its path: the ARN that stands in it, as it is or percent-encoded in one of its parts; or, of
 * `…/123456789012/role/Name.json`, the reference `123456789012:role/Name`, since the path of a role in IAM is not known there. An
 * ARN may be a managed policy's. Undefined where the path names nobody. O(length).
 */
export function principalOfPath(path: string): string | undefined {
  const bare = path.replace(EXTENSION, "");
  for (const part of bare.split("/").reverse()) {
    const decoded = ENCODED.test(part) && part.includes("%") ? decodedOrSame(part) : "";
    const [, arn] = LITERAL.exec(decoded) ?? [];
    if (arn !== undefined) return arn;
  }
  const [, arn] = LITERAL.exec(bare) ?? [];
  if (arn !== undefined) return arn;
  const [, account, kind, part] = BY_NAME.exec(bare) ?? [];
  if (account === undefined || kind === undefined || part === undefined) return undefined;
  const name = decodedOrSame(part);
  return NAME.test(name) ? `${account}:${kind}/${name}` : undefined;
}

function decodedOrSame(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a per cent sign of its own
  }
}
