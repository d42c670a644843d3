package dev.parley.client.command;

import dev.parley.client.ParleyException;

/** What the command's exit codes mean. */
final class ExitCode {
    static final int OK = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private ExitCode() {}

    static int of(ParleyException failure) {
        return switch (failure.kind()) {
            case REFUSED, QUEUE_FULL -> REFUSED;
            case UNREACHABLE, OFFLINE, OUTCOME_UNKNOWN, TIMEOUT, CLOSED -> UNREACHABLE;
        };
    }
}
