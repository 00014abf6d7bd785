import type { Filter } from "../list-view.tsx";

export const ACCOUNT: Filter = { name: "account", title: "account" };
export const KIND: Filter = {
  name: "kind",
  title: "kind",
  options: [
    ["role", "role"],
    ["user", "user"],
    ["group", "group"],
  ],
};
export const MOST_REMOVED = { by: "removed", descending: true } as const;
