/** What can be done to a node, with a line of help each. */
export const faultActions = {
    stop: "power off: everything on it ends at once",
    start: "power on again, and wait until it is ready",
    freeze: "suspend all its processes; connections stay open",
    thaw: "resume its processes",
    cut: "disconnect its network; its processes go on",
    reconnect: "connect its network again",
    drain: "cordon it and evict its pods as their disruption budgets allow",
    uncordon: "let pods be scheduled to it again",
} as const;

export type FaultActionName = keyof typeof faultActions;
