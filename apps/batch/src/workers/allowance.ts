/** The time that something may take while it is waited for. */
export interface Allowance {
  /** From now on, all of it. */
  begin(): void;
  /** What was waited for is there. */
  end(): void;
}

/**
 * Calls `spent` when the allowance is over. This thread may itself be busy for longer than that: what has arrived meanwhile counts, so it
 * is looked at first.
 *
 * @param seconds 0 for any time
 */
export function allowanceOf(seconds: number, spent: () => void): Allowance {
  let timer: NodeJS.Timeout | undefined;
  const isOver = (of: NodeJS.Timeout): void => {
    if (timer === of) spent();
  };
  const end = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    begin() {
      if (seconds === 0) return;
      end();
      const mine = setTimeout(() => {
        setImmediate(() => setImmediate(() => isOver(mine))); // messages come in between
      }, seconds * 1000);
      timer = mine;
    },
    end,
  };
}
