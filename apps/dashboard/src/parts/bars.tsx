import { count, share } from "../text/numbers.ts";
import { Fill } from "./numbers.tsx";
import { Name } from "./name.tsx";

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly before: number;
  readonly after: number;
  readonly href: string;
}

/** How much is granted and how much of it goes, as bars to the scale of the largest; a table for those who do not see them. */
export function Bars({
  label,
  bars,
  what,
}: {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly what: string;
}) {
  const largest = Math.max(1, ...bars.map(({ before }) => before));
  return (
    <table class="bars">
      <caption class="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" class="bar-column">
            <span class="legend">
              <span class="swatch kept" aria-hidden="true" /> stays <span class="swatch removed" aria-hidden="true" />{" "}
              goes
            </span>
          </th>
          <th scope="col" class="numeric">
            goes
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ key, label: words, before, after, href }) => (
          <tr key={key}>
            <th scope="row">
              <a href={href}>
                <Name text={words} cut />
              </a>
            </th>
            <td class="bar-column" aria-label={`${count(before)} today, ${count(after)} after`}>
              <span class="bar">
                <Fill part={share(after, largest)} class="kept" />
                <Fill part={share(before - after, largest)} class="removed" />
              </span>
            </td>
            <td class="numeric">{before === after ? "0" : `−${count(before - after)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
