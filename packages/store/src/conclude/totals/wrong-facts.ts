import { type PolicyDocument, wildcardsOf } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { shapeOf } from "./shape.ts";
import { wrongIntervalTables } from "./wrong-intervals.ts";

/**
 * Tables that do not say what documents say themselves, each once: their wildcards and shapes, and which of them grant an interval.
 * O(text + intervals); memory: the intervals of a block of documents, and some numbers for each document.
 */
export function wrongFacts(db: Connection): ReadonlySet<string> {
  const wrong = new Set(wrongIntervalTables(db));
  if (!areWildcards(db)) wrong.add("grant_set");
  if (!areShapes(db)) wrong.add("document_shape");
  return wrong;
}

interface ToldRow {
  readonly wildcards: string | null;
  readonly text: string;
}

function areWildcards(db: Connection): boolean {
  const told = db.prepare<[], ToldRow>(
    "SELECT g.wildcards, d.text FROM grant_set g CROSS JOIN document d ON d.document_id = g.document_id",
  );
  for (const { wildcards, text } of told.iterate()) if (wildcards !== wildcardsText(text)) return false;
  return true;
}

function wildcardsText(text: string): string | null {
  const found = wildcardsOf(JSON.parse(text) as PolicyDocument); // all results hold, and so do their documents
  return found.length === 0 ? null : JSON.stringify(found);
}

/** Documents of which a worker has told have theirs, and so have those of which none could tell, since all their units failed. */
function areShapes(db: Connection): boolean {
  const told = db
    .prepare<[], [text: string | null, sha256: string | null]>(
      `SELECT d.text, s.shape_sha256 FROM (
         SELECT document_id FROM grant_set UNION SELECT document_id FROM document_shape
         UNION SELECT u.document_id FROM unit u WHERE u.state = 'failed' AND EXISTS (
           SELECT 1 FROM recommendation r JOIN run USING (run_id) WHERE r.unit_id = u.unit_id AND run.state = 'done')) AS f
       LEFT JOIN document d ON d.document_id = f.document_id LEFT JOIN document_shape s ON s.document_id = f.document_id`,
    )
    .raw();
  for (const [text, sha256] of told.iterate()) if (text === null || shapeOf(text) !== sha256) return false;
  return true;
}
