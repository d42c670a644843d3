package dev.parley.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;

/** Says in a few words, for people, why something on the network failed: the JDK's exceptions often have no message at all. */
final class Reasons {

    private Reasons() {}

    static String of(Throwable failure) {
        Throwable told = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "unknown host";
            } else if (cause instanceof HttpTimeoutException) {
                return "timed out";
            } else if (cause instanceof ConnectException) {
                return cause.getMessage() == null ? "connection refused" : cause.getMessage();
            }
            if (told instanceof CompletionException || told.getMessage() == null) {
                told = cause;
            }
        }
        return told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
    }
}
