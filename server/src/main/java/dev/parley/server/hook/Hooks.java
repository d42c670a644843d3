package dev.parley.server.hook;

import dev.parley.protocol.ClientFrame.Send;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Sender;
import dev.parley.server.Failures;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.security.Identity;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Asks the hooks: those in the build first, then the webhooks. Asked by the gateway about connections and by routing about messages, on any thread; nothing
 * blocks, and where there is no hook nothing is asked.
 */
@Singleton
public final class Hooks {
    private static final Logger LOG = Logger.getLogger(Hooks.class);
    private static final int THREADS = 32;
    private static final int WAITING = 10_000;

    private final List<ConnectPolicy> connects;
    private final List<SendPolicy> sends;
    private final HookCounters counters;
    private final long deadline;
    private final boolean acceptOnFailure;
    private final ThreadPoolExecutor threads;

    @Inject
    Hooks(
            @All List<ConnectPolicy> connects,
            @All List<SendPolicy> sends,
            Webhooks webhooks,
            HookCounters counters,
            ParleyConfig config) {
        this(
                joined(connects, webhooks.connects()),
                joined(sends, webhooks.sends()),
                counters,
                config.hooks().deadline().toMillis(),
                config.hooks().onFailure() == ParleyConfig.OnFailure.ACCEPT);
    }

    Hooks(
            List<ConnectPolicy> connects,
            List<SendPolicy> sends,
            HookCounters counters,
            long deadlineMillis,
            boolean acceptOnFailure) {
        this.connects = connects;
        this.sends = sends;
        this.counters = counters;
        this.deadline = deadlineMillis;
        this.acceptOnFailure = acceptOnFailure;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), Hooks::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "parley-hooks");
        thread.setDaemon(true);
        return thread;
    }

    void stop(@Observes ShutdownEvent event) {
        threads.shutdownNow();
    }

    /** Whether anybody wants to decide about messages. */
    public boolean decideSends() {
        return !sends.isEmpty();
    }

    /**
     * Decides about a connection.
     *
     * @param who whose token is good
     * @param address from where
     * @param connection the connection's id
     * @return as whom it is let in; fails with {@code forbidden}, or with {@code unavailable} where no decision came
     */
    public CompletionStage<Identity> connect(Identity who, String address, String connection) {
        CompletionStage<Identity> decided = CompletableFuture.completedStage(who);
        for (ConnectPolicy policy : connects) {
            decided = decided.thenCompose(now -> ask(() -> policy.connecting(
                            new Connecting(now.user(), now.name(), now.roles(), now.guest(), address, connection)))
                    .thenApply(decision -> decision == null ? now : apply(now, decision)));
        }
        return decided;
    }

    /**
     * Decides about a message.
     *
     * @param from who sends it
     * @return the message as it goes on; fails as {@link #connect} does
     */
    public CompletionStage<Send> send(Sender from, Send send) {
        CompletionStage<Send> decided = CompletableFuture.completedStage(send);
        for (SendPolicy policy : sends) {
            decided = decided.thenCompose(now -> ask(() -> policy.sending(
                            new Sending(from, now.to(), now.event(), now.messageId(), now.isVolatile(), now.data())))
                    .thenApply(decision -> decision == null ? now : apply(now, decision)));
        }
        return decided;
    }

    private Identity apply(Identity who, ConnectDecision decision) {
        if (decision instanceof ConnectDecision.Refuse refusal) {
            throw refused(refusal.detail());
        }
        ConnectDecision.Accept accept = (ConnectDecision.Accept) decision;
        return accept.name() == null && accept.roles() == null ? who : who.as(accept.name(), accept.roles());
    }

    private Send apply(Send send, SendDecision decision) {
        if (decision instanceof SendDecision.Refuse refusal) {
            throw refused(refusal.detail());
        }
        SendDecision.Accept accept = (SendDecision.Accept) decision;
        if (accept.data() == null && accept.event() == null) {
            return send;
        }
        return send.with(
                accept.event() == null || accept.event().length() > Names.ID_MAX ? send.event() : accept.event(),
                accept.data() == null ? send.data() : accept.data());
    }

    private ProtocolException refused(String detail) {
        counters.refused.increment();
        return new ProtocolException(ErrorCode.FORBIDDEN, detail == null ? "refused" : detail);
    }

    /** The decision; null where there is none, and that is as good as consent. */
    private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> policy) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Executor executor = threads;
        try {
            executor.execute(() -> call(policy, answer));
        } catch (RuntimeException full) {
            answer.completeExceptionally(full);
        }
        return answer.orTimeout(deadline, TimeUnit.MILLISECONDS).exceptionally(failure -> {
            counters.failed.increment();
            LOG.debug("a hook gave no decision", Failures.causeOf(failure));
            if (acceptOnFailure) {
                return null;
            }
            throw new ProtocolException(ErrorCode.UNAVAILABLE, "no decision about this could be had; try again");
        });
    }

    private static <T> void call(Supplier<CompletionStage<T>> policy, CompletableFuture<T> answer) {
        try {
            policy.get().whenComplete((decision, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(failure);
                } else if (decision == null) {
                    answer.completeExceptionally(new IllegalStateException("a hook decided nothing"));
                } else {
                    answer.complete(decision);
                }
            });
        } catch (RuntimeException | Error failure) {
            answer.completeExceptionally(
                    failure); // it is the team's own code: whatever goes wrong there is no decision
        }
    }

    private static <T> List<T> joined(List<T> some, List<? extends T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
