import {
  ACCESS_LEVELS,
  type ActionSource,
  type Catalog,
  accessLevel,
  contentHash,
  imageOf,
  isTracked,
} from "@leastwise/catalog";
import { z } from "zod";
import { ProtocolError, packed, unpacked } from "./packing.ts";
import type { Notice } from "./protocol.ts";

const told = z.strictObject({
  services: z.array(z.string().max(200)),
  /** Each action with its access level and whether it is tracked. */
  actions: z.array(z.tuple([z.string().max(400), z.enum(ACCESS_LEVELS), z.boolean()])),
});

/**
 * What a worker needs that lacks the catalog: its services and actions, packed. Not the image itself, which is full of offsets that nobody
 * could trust; whoever reads this makes an image of his own.
 */
export function toldCatalog({ trie }: Catalog): string {
  const services = Array.from({ length: trie.serviceCount }, (_, index) => trie.service(index));
  const actions = Array.from({ length: trie.actionCount }, (_, id) => [
    trie.name(id),
    accessLevel(trie, id),
    isTracked(trie, id),
  ]);
  return packed(JSON.stringify({ services, actions }));
}

/**
 * The image of the catalog that was told of, made here.
 *
 * @throws ProtocolError when it is not the one whose hash the notice names, whatever else it is
 */
export function imageOfTold(body: string, notice: Notice): SharedArrayBuffer {
  const wrong = (cause: unknown): ProtocolError =>
    new ProtocolError(`the catalog is not the one whose SHA-256 is ${notice.catalog}`, { cause });
  let source: { readonly services: readonly string[]; readonly actions: readonly ActionSource[] };
  try {
    const { services, actions } = told.parse(JSON.parse(unpacked("catalog", body).toString()));
    source = {
      services,
      actions: actions.map(([action, level, tracked]) => ({ action, accessLevel: level, tracked })),
    };
  } catch (error) {
    throw wrong(error);
  }
  const found = contentHash(source);
  if (found !== notice.catalog) throw wrong(new Error(`its content has ${found}`));
  try {
    return imageOf({ ...source, source: notice.catalogSource, date: notice.catalogDate });
  } catch (error) {
    throw wrong(error); // an action twice, or a name that is none: no catalog has these
  }
}
