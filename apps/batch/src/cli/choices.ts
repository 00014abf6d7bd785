/** What options let one choose from: by itself, so that the command line is known without what the commands need. */

/** How `query` prints. A table whose columns would be cut beyond recognition is printed as records. */
export const QUERY_FORMATS = ["table", "records", "json", "jsonl", "csv"] as const;
export type QueryFormat = (typeof QUERY_FORMATS)[number];

/** What `export` writes as one stream of text. */
export const STREAM_FORMATS = ["jsonl", "access-analyzer", "diff", "csv"] as const;
export type StreamFormat = (typeof STREAM_FORMATS)[number];

/** What `export` writes as a folder. */
export const FOLDER_FORMATS = ["aws-cli", "terraform", "patches"] as const;
export type FolderFormat = (typeof FOLDER_FORMATS)[number];

/** What `drift` fails on: any new action, one that can change something (or might), one that can change permissions. */
export const FAIL_ON = ["any", "write", "permissions"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** What `diff-runs` fails on: principals of a kind, or policies of which more may go than before. */
export const FAIL_ON_CHANGE = ["worse", "other-terms", "new", "more-to-remove"] as const;
export type FailOnChange = (typeof FAIL_ON_CHANGE)[number];
