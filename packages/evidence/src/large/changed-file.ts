/** A file is not what it was when its reading began. */
export class ChangedFile extends Error {
  constructor(path: string) {
    super(`\`${path}\` has changed while it was read`);
    this.name = "ChangedFile";
  }
}
