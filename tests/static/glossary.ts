/** Words of our own that were replaced by those of Kafka, Kubernetes, Pulumi and X.509, so that they stay away. */

export interface Entry {
    readonly not: RegExp;
    readonly but: string;
    /** Where the word may stay: in these files, or on lines with this text. */
    readonly except?: readonly { readonly path?: RegExp; readonly text?: RegExp; readonly reason: string }[];
}

const INJECTED = "Fault injection is the usual term.";
const FORMER = {
    path: /former|aliases|deletionGuard|topicsAndUsers/i,
    reason: "Aliases and hooks name the former types and names of resources that are deployed.",
};

export const glossary: readonly Entry[] = [
    {
        not: /\bcop(y|ies) of (a|the|each|every|its|all|one) (partition|record|topic|byte|message)s?\b/i,
        but: "replicas",
    },
    { not: /\b(an?|the|its|their|another|new|old|whose|own|each|every|\w+'s) authorit(y|ies)\b/i, but: "CA" },
    { not: /(?<!<)\bcircle\b/i, but: "CA" },
    { not: /\b[Cc]ertificates? (that )?ends?\b|notAfter ends|\bends (soon|in \{\{)/, but: "expires" },
    { not: /CertificateEnds/, but: "CertificateExpires" },
    { not: /\bcaught up\b/i, but: "in sync" },
    { not: /\bat fault\b|\b(is|are) faults?\b/i, but: "invalid" },
    {
        not: /\bfaults?\b(?! injection)/i,
        but: "error, or failure",
        except: [
            { path: /^local\//, reason: INJECTED },
            { path: /^tests\/(e2e|local)\//, reason: INJECTED },
            { text: /npm run fault|local\/\S*faults?\b|faults\.ts/, reason: INJECTED },
        ],
    },
    { not: /\banew\b/i, but: "replaced or re-created" },
    { not: /\bunmade\b/i, but: "deleted" },
    { not: /\bnot well\b/i, but: "UNHEALTHY" },
    { not: /\blets? (\w+ )?in\b(?! (the|a|an|its|one|time|sync)\b)|\bbarred\b/i, but: "allows, denied" },
    { not: /\b(nextStep|lastTrouble|stuckBecause)\b/, but: "hint, lastError, blockingReason" },
    {
        not: /\b(server sets?|serverSets?|ServerSets?|registerServerSet)\b/,
        but: "StatefulSet, StatefulServers",
    },
    { not: /\b(ownNodes|own nodes)\b/i, but: "dedicated nodes" },
    { not: /\bplaced\(|\bProjectPlace\b/, but: "NamespaceRef, KubeTarget" },
    { not: /\bdivided\b(?! (by|among))/i, but: "a stack per Project" },
    { not: /\bkeep-?(project|size)\b/i, but: "protect-project, prevent-disk-shrink", except: [FORMER] },
    { not: /\bpersistently\b/i, but: "retry" },
    { not: /\bConnectionProblem\b|\bways? into\b|\ba way there\b/, but: "client, ConnectionError" },
    { not: /\bmend(s|ed|ing)?\b|\bputs? (\w+ )?right\b/i, but: "fix" },
    { not: /does not know you/i, but: "rejected your credentials" },
    { not: /\b(is|are) there twice\b/i, but: "is duplicated" },
    { not: /\bnone are there\b/i, but: "none are defined" },
    { not: /\bleads? nowhere\b/i, but: "requires" },
    { not: /\bwhoever\b|\bwhat is there\b/i, but: "the person or thing by its name" },
    { not: /\bhollow\b|\bfleets?\b/i, but: "fake pods" },
    { not: /\bguests?\b|\bvisitors?\b/i, but: "client pods" },
    { not: /\bstand-?ins?\b/i, but: "fake" },
    { not: /\bnightly look\b/i, but: "nightly drift check" },
    { not: /\bnpm run node\b/, but: "npm run fault" },
    { not: /\bsmoke-?[cC]heck|\bSmokeCheck/, but: "smoke test", except: [FORMER] },
    { not: /unity:kafka:Access|-access-/, but: "unity:kafka:User, -user-", except: [FORMER] },
];
