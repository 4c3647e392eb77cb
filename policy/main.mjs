// Pulumi requires the pack through its own TypeScript compiler, which would take a main file in TypeScript and stumble
// over its imports. What a module imports is Node.js's business alone, and Node.js runs TypeScript as it is.
import "./index.ts";
