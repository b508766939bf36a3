// Unpacks the old Chromium that npm brought (its files are compressed): node tools/browser_tools.mjs FOLDER
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const folder = process.argv[2];
const packed = path.join(folder, "node_modules", "@sparticuz", "chromium", "bin");
for (const name of ["chromium", "swiftshader.tar"]) {
  fs.writeFileSync(path.join(folder, name), zlib.brotliDecompressSync(fs.readFileSync(path.join(packed, `${name}.br`))));
}
fs.chmodSync(path.join(folder, "chromium"), 0o755);
