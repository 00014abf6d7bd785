import {
  type CatalogTrie,
  DEFAULT_OPTIONS,
  type Fit,
  type PolicyDocument,
  type Unused,
  refinePolicy,
  resolveUnused,
} from "@leastwise/core";

/** The forms of the ladder before splitting, in its order (SEMANTICS 9); of characters with the least that are written by default. */
export const FORMS: readonly (Fit | undefined)[] = [undefined, { form: "inner" }, { form: "characters", shortest: 4 }];

/** What a document comes to in one form. */
export interface SizeInForm {
  /** Characters of the minified document; 0 where nothing is left of it. */
  readonly characters: number;
  /** Statements whose entries were chosen to fit, and those of which nothing of the form takes less for certain. */
  readonly fitted: number;
  readonly proven: number;
}

/** A document refined in each of `FORMS`. */
export function sizesByForm(trie: CatalogTrie, policy: PolicyDocument, unused: Unused): readonly SizeInForm[] {
  const resolved = resolveUnused(trie, unused);
  return FORMS.map((fit) => {
    const options = fit === undefined ? DEFAULT_OPTIONS : { ...DEFAULT_OPTIONS, fit };
    const { policy: after, fitted } = refinePolicy(trie, resolved, options, policy);
    return {
      characters: after === null ? 0 : JSON.stringify(after).length,
      fitted: fitted.statements,
      proven: fitted.shortest,
    };
  });
}
