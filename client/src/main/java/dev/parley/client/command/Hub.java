package dev.parley.client.command;

import dev.parley.client.ConnectionState;
import dev.parley.client.Guests;
import dev.parley.client.ParleyClient;
import dev.parley.client.ParleyClientBuilder;
import dev.parley.client.ParleyException;
import dev.parley.client.ParleyException.Kind;
import dev.parley.client.ParleyListener;
import dev.parley.client.Violation;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A connection for a command: it says on standard error what becomes of it, and turns waiting into results or a {@link ParleyException}. Made and waited
 * for by the command's thread; listens on the client's.
 */
final class Hub implements ParleyListener, AutoCloseable {
    private final ParleyClient client;
    private final Duration timeout;
    private final Consumer<ServerFrame.Message> messages;
    private final Consumer<ServerFrame.Presence> presence;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean welcomed;
    private volatile ParleyException lastFailure;

    /**
     * Makes it, without connecting yet.
     *
     * @param name whom to be as a guest, where there is no token; null for nobody in particular
     * @param messages gets what comes, on the client's thread
     * @param presence gets who comes and goes, on the client's thread
     */
    Hub(
            CommandSpec spec,
            ServerOptions options,
            String name,
            Consumer<ServerFrame.Message> messages,
            Consumer<ServerFrame.Presence> presence) {
        this.timeout = options.timeout();
        this.messages = messages;
        this.presence = presence;
        try {
            ParleyClientBuilder builder = ParleyClient.to(options.url)
                    .program("parley", ParleyCommand.Version.number())
                    .requestTimeout(timeout)
                    .listener(this);
            if (options.token != null) {
                builder.token(options.token);
            } else if (name != null) {
                builder.token(Guests.token(options.url, name, timeout));
                builder.blockingTokens(() -> Guests.token(options.url, name, timeout));
            }
            this.client = builder.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        // So that the hub knows at once after Ctrl-C, too, and the others see us leave.
        Runtime.getRuntime().addShutdownHook(new Thread(client::close, "parley-close"));
    }

    ParleyClient client() {
        return client;
    }

    /** Connects, or fails: at once when there is nobody to connect to, after the timeout when nothing comes of it. */
    ServerFrame.Welcome connect() {
        ServerFrame.Welcome welcome = await(client.connect());
        welcomed = true;
        return welcome;
    }

    /** Waits for an answer, as long as the user wants to wait. */
    <T> T await(CompletionStage<T> answer) {
        CompletableFuture<T> awaited = answer.toCompletableFuture();
        try {
            CompletableFuture.anyOf(awaited, over).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return awaited.getNow(null);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            if (lastFailure != null) {
                throw lastFailure;
            }
            throw noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer();
        }
    }

    private ParleyException noAnswer() {
        return new ParleyException(Kind.TIMEOUT, "no answer within " + timeout.toSeconds() + " s");
    }

    /** When the hub wants us no more: fails with the reason. Never done otherwise. */
    CompletableFuture<Void> over() {
        return over;
    }

    static ParleyException failure(ExecutionException e) {
        if (e.getCause() instanceof ParleyException told) {
            return told;
        }
        throw new IllegalStateException(e.getCause());
    }

    @Override
    public void onMessage(ServerFrame.Message message) {
        messages.accept(message);
    }

    @Override
    public void onPresence(ServerFrame.Presence who) {
        presence.accept(who);
    }

    @Override
    public void onState(ConnectionState state) {
        if (state instanceof ConnectionState.Waiting waiting) {
            lastFailure = waiting.cause();
            if (welcomed) {
                Terminal.note("%s; trying again in %.1f s"
                        .formatted(waiting.cause().getMessage(), waiting.delay().toMillis() / 1000.0));
            } else if (waiting.cause().getCause() != null) {
                over.completeExceptionally(waiting.cause()); // nobody there: more likely a wrong address than a pause
            }
        } else if (state instanceof ConnectionState.Connected && lastFailure != null) {
            lastFailure = null;
            Terminal.note("connected again");
        } else if (state instanceof ConnectionState.Stopped stopped) {
            over.completeExceptionally(stopped.cause());
        }
    }

    @Override
    public void onGap(ServerFrame.Gap gap) {
        Terminal.note("messages missed in %s: %s"
                .formatted(
                        gap.channel(),
                        gap.reason() == ServerFrame.GapReason.EPOCH
                                ? "its log was begun anew"
                                : "no. " + gap.from() + " to " + gap.to() + " are kept no longer"));
    }

    @Override
    public void onUnfollowed(String channel, ErrorCode code) {
        Terminal.note("no longer in " + channel + ": " + code.wire());
    }

    @Override
    public void onError(ServerFrame.Error error) {
        Terminal.note(error.code().wire() + ": " + error.detail());
    }

    @Override
    public void onViolation(Violation violation) {
        Terminal.note("the hub broke the protocol" + (violation.channel() == null ? "" : " in " + violation.channel())
                + ": " + violation.detail());
    }

    @Override
    public void close() {
        client.close();
    }
}
