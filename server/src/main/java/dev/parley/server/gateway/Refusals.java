package dev.parley.server.gateway;

import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.http.Problem;

/** What a client is told of a failure in an error frame: what a {@link Problem} says, and when to try again. */
final class Refusals {
    private static final long RETRY_MILLIS = 1000;

    private Refusals() {}

    static ServerFrame.Error of(RequestId id, Throwable failure) {
        Problem problem = Problem.of(failure);
        Long retryAfter = problem.code().retryable() ? RETRY_MILLIS : null;
        return new ServerFrame.Error(id, problem.code(), problem.detail(), retryAfter);
    }
}
