package dev.parley.client.command;

/** How results are printed: for people or for programs. */
enum OutputFormat {
    TEXT,
    JSON
}
