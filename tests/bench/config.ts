/**
 * `npm run bench:config`: whether ten thousand random stack files, or the number that is given, each render or have
 * errors that name a path. A second number is the seed of the files, as a failure prints it.
 */
import { checkRandomStackFiles } from "../config/stackFileProperty.ts";

const [files = 10_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const start = Date.now();
const { valid } = checkRandomStackFiles(files, seed);
const seconds = ((Date.now() - start) / 1000).toFixed(0);
console.log(
    `${files} stack files with the seed ${seed} in ${seconds} s: ${valid} render, the others name their errors.`,
);
