export { printable, printableJson, printableLines } from "@leastwise/pictures/printable";
