/** Why a thread did not finish a task: it would have needed more memory, or more time, than a thread may have. */
export class TaskFault extends Error {
  readonly code: "out-of-memory" | "out-of-time";
  /** What allows more. */
  readonly hint: string;

  constructor(code: TaskFault["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TaskFault";
    this.code = code;
    this.hint = code === "out-of-memory" ? "allow more with --worker-memory" : "allow more with --task-seconds";
  }
}

export function outOfMemory(memoryMb: number, options?: ErrorOptions): TaskFault {
  return new TaskFault("out-of-memory", `it takes more than the ${memoryMb} MB of a thread`, options);
}
