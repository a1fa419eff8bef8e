/** Why the program cannot start, in one sentence for whoever started it: what is wrong and what to do. */
export class StartError extends Error {}
