/** What events of one service stand for whose names are no actions, on the word of one page. Plain data; `README.md` says how a row is read. */
export interface Renames {
  /** The prefix of the service in IAM. */
  readonly service: string;
  /** The page that says so. */
  readonly source: string;
  /** By the event's name: actions, parted by spaces; of the same service where no other is named. */
  readonly events: Readonly<Record<string, string>>;
}
