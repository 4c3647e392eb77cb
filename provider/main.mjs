// Pulumi takes a main of TypeScript for one to be translated, which Node does by itself.
import "./index.ts";
