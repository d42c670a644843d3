/**
 * The command {@code parley}: chat, send and tail from a terminal or a script. Results go to standard output, everything else to standard error; failures are a
 * sentence and an exit code ({@link dev.parley.client.command.ExitCode}), never a stack trace.
 */
package dev.parley.client.command;
