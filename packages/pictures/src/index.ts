export type { WordNode, WordTree } from "@leastwise/api";
