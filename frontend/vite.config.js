import { defineConfig } from "vite";

// Entries keep their names, so that templates can name them: majlis/static/built/<entry>.js
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../majlis/static/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { room: "src/room.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
