package dev.parley.client.command;

import dev.parley.client.ParleyException;
import dev.parley.client.SendOptions;
import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.ServerFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code parley chat}: each line typed is sent to a group, what comes is printed with its sender. Lines are read on a thread of their own, because nothing
 * can interrupt reading a terminal.
 */
@Command(
        name = "chat",
        description =
                "Chats in a group: each line typed is sent, what comes is printed with its sender. Ctrl-D leaves.",
        mixinStandardHelpOptions = true,
        versionProvider = ParleyCommand.Version.class,
        footer = {
            "",
            "What you write is not printed again. A guest ends the membership on leaving; who signs in with a token",
            "stays a member."
        })
final class ChatCommand implements Callable<Integer> {
    /** Lines on their way at once: more would only wait in memory, in place of in the pipe. */
    private static final int LINES_UNDER_WAY = 64;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(
            names = {"--user", "--as"},
            paramLabel = "NAME",
            description = "The name to be known by, as a guest.")
    private String name;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            defaultValue = "chat:lobby",
            description = "The group to chat in (default: ${DEFAULT-VALUE}).")
    private String group;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "0",
            description = "Print the last N messages first (default: ${DEFAULT-VALUE}).")
    private long last;

    private final Semaphore underWay = new Semaphore(LINES_UNDER_WAY);
    private final AtomicBoolean refused = new AtomicBoolean();
    private final CountDownLatch backlogPrinted = new CountDownLatch(1);

    @Override
    public Integer call() {
        Address.Group address = new Address.Group(group);
        try (Hub hub = new Hub(spec, server, name, this::print, this::print)) {
            ServerFrame.Welcome welcome = hub.connect();
            enter(hub, welcome, address);
            Terminal.note("%s in %s; Ctrl-D leaves".formatted(welcome.user().name(), group));
            noteWhoIsThere(hub);
            CompletableFuture<Void> left = new CompletableFuture<>();
            Thread typing = new Thread(() -> sendLines(hub, address, left), "parley-lines");
            typing.setDaemon(true);
            typing.start();
            CompletableFuture.anyOf(left, hub.over()).get();
            leave(hub);
            return refused.get() ? ExitCode.REFUSED : ExitCode.OK;
        } catch (ExecutionException e) {
            throw Hub.failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.UNREACHABLE;
        }
    }

    /** Nothing that comes live is printed before the backlog is. */
    private void enter(Hub hub, ServerFrame.Welcome welcome, Address.Group address) {
        Since from = last > 0 ? new Since.Last(last) : null;
        Backlog backlog = Backlog.of(hub, welcome, address);
        if (backlog != null) {
            backlog.read(from).forEach(message -> Terminal.print(ChatText.line(message.envelope())));
        }
        backlogPrinted.countDown();
        if (backlog == null) {
            hub.await(hub.client().join(group, from));
        }
    }

    private void leave(Hub hub) {
        if (server.token == null) {
            try {
                hub.await(hub.client().leave(group));
            } catch (ParleyException e) {
                // We are going either way; whoever does not hear of it sees the connection end.
            }
        }
    }

    private static void noteWhoIsThere(Hub hub, String group) {
        ServerFrame.Result.Present present = hub.await(hub.client().presence(group));
        String names = present.users().stream()
                .map(user -> user.name() == null ? user.user() : user.name())
                .collect(Collectors.joining(", "));
        Terminal.note("here: " + names + (present.more() ? " and others, " + present.count() + " in all" : ""));
    }

    private void noteWhoIsThere(Hub hub) {
        try {
            noteWhoIsThere(hub, group);
        } catch (ParleyException e) {
            // Not every group tells who is there, and one can chat all the same.
        }
    }

    /** Until the end of input; done when all is acknowledged or refused. */
    private void sendLines(Hub hub, Address.Group to, CompletableFuture<Void> left) {
        try {
            BufferedReader lines = Terminal.input();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    send(hub, to, line);
                }
            }
            underWay.acquire(LINES_UNDER_WAY);
            left.complete(null);
        } catch (IOException e) {
            Terminal.note("cannot read what is typed: " + e.getMessage());
            left.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            left.complete(null);
        }
    }

    private void send(Hub hub, Address.Group to, String line) throws InterruptedException {
        underWay.acquire();
        hub.client()
                .send(to, ChatText.of(line), SendOptions.DEFAULT.withoutEcho())
                .whenComplete((sent, failure) -> {
                    if (failure != null && !hub.over().isDone()) {
                        refused.set(true);
                        Terminal.note("not sent: " + reason(failure));
                    }
                    underWay.release();
                });
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ParleyException told ? ParleyCommand.sentence(told) : cause.toString();
    }

    private void print(ServerFrame.Message message) {
        try {
            backlogPrinted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String line = ChatText.line(message.envelope());
        if (message.channel().equals("group/" + group)) {
            Terminal.print(line);
        } else if (message.channel().equals("all")) {
            Terminal.print("[all] " + line);
        } else if (message.channel().startsWith("user/") || message.channel().startsWith("connection/")) {
            Terminal.print("[to you] " + line);
        }
    }

    private void print(ServerFrame.Presence who) {
        if (who.group().equals(group) && who.state() != null) {
            String shown = Terminal.printable(who.name() == null ? who.user() : who.name());
            switch (who.state()) {
                case JOINED -> Terminal.print("* " + shown + " joined");
                case LEFT -> Terminal.print("* " + shown + " left");
                case UPDATED -> {} // another device, which is nobody's business here
            }
        }
    }
}
