import { defineConfig } from "vite";

/** One script and one style sheet, so that a report can hold them in one file and the server can list them at its start. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: { codeSplitting: false },
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning); // TanStack's "use client" means nothing here
      },
    },
  },
});
