import type { Reply } from "@leastwise/api";
import { useEffect, useRef, useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { Name } from "../parts/name.tsx";
import { go, link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { readTyped } from "../text/typed.ts";
import { runOf } from "./organization.tsx";

type Found = Reply<"find">[number];
const PAUSE = 120; // ms without a letter before it looks

/** One box for everything: an action leads to who can call it, a name or an ARN to its page. `/` goes to it. */
export function SearchBox({ route }: { readonly route: Route }) {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const { reply, failure } = useReply("find", asked === "" || !open ? null : { ...runOf(route), q: asked });
  const found = asked === "" || failure !== null ? [] : (reply ?? []);
  const leave = (): void => {
    setOpen(false);
    setChosen(-1);
  };
  const goTo = (hash: string): void => {
    leave();
    setText("");
    go(hash);
    box.current?.blur();
  };
  const submit = (): void => {
    const one = found[chosen];
    if (one !== undefined) goTo(placeOf(one));
    else if (text.trim() !== "") goTo(placeOfTyped(text));
  };
  const listed = open && found.length > 0;
  return (
    <form
      class="search-box"
      role="search"
      aria-label="everything"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        ref={box}
        id="search"
        type="search"
        role="combobox"
        aria-label="Search: an action, a name, an ARN"
        aria-expanded={listed}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={listed && chosen >= 0 ? `found-${chosen}` : undefined}
        placeholder="iam:PassRole, a role, an account…"
        autocomplete="off"
        spellcheck={false}
        maxLength={400}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const step = event.key === "ArrowDown" ? 1 : -1;
            setChosen((now) => Math.max(-1, Math.min(found.length - 1, now + step)));
          } else if (event.key === "Escape") {
            event.stopPropagation();
            if (listed) leave();
            else box.current?.blur();
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="found" role="listbox" aria-label="found" hidden={!listed}>
        {found.map((one, at) => (
          <li
            key={`${one.kind} ${one.key}`}
            id={`found-${at}`}
            role="option"
            aria-selected={at === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              goTo(placeOf(one));
            }}
          >
            <span class="found-kind">{one.kind}</span>
            <Name text={one.label} cut />
            <span class="quiet">
              <Name text={one.detail} cut />
            </span>
          </li>
        ))}
      </ul>
    </form>
  );
}

function placeOf({ kind, key }: Found): string {
  switch (kind) {
    case "account":
      return link("/policies", { account: key });
    case "principal":
      return link("/principal", { arn: key });
    case "policy":
      return link("/policies", { policy: key });
    case "service":
      return link("/actions", { service: key, granted: "yes" });
    case "action":
      return link("/holders", { action: key, when: "after" });
  }
}

function placeOfTyped(text: string): string {
  const typed = readTyped(text);
  switch (typed.is) {
    case "action":
      return link("/holders", { action: typed.action, when: "after" });
    case "arn":
      return typed.arn.includes(":policy/")
        ? link("/policies", { policy: typed.arn })
        : link("/principal", { arn: typed.arn });
    case "name":
      return /^\d{12}$/u.test(typed.text)
        ? link("/policies", { account: typed.text })
        : link("/principals", { q: typed.text });
  }
}
