package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Stored;
import dev.parley.server.routing.Digests.Digest;
import dev.parley.server.routing.Viewer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One {@code read}: moves the user's position, and tells of it, the group that it was read, and the user's other devices what is left. Begun on the connection's
 * event loop; the answer completes on any thread.
 */
final class Reading {
    private final Session session;
    private final Gateway gateway;
    private final String user;

    Reading(Session session) {
        this.session = session;
        this.gateway = session.gateway;
        this.user = session.identity().user();
    }

    CompletionStage<Result> mark(ClientFrame.Read read) {
        Follow follow = session.outlet().following(read.channel().channel());
        if (follow == null || !follow.isStarted()) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.NOT_JOINED, "the channel is not followed"));
        }
        Cursor head = follow.head();
        long seq = Math.min(read.seq(), head.seq());
        CompletionStage<Boolean> raised = gateway.readPositions.raise(read.channel(), user, seq);
        return gateway.namespaces.isDurable(read.channel())
                ? raised.thenCompose(rose -> left((Address.Group) read.channel(), head, seq, rose))
                : raised.thenApply(rose -> new Result.Done());
    }

    private CompletionStage<Result> left(Address.Group group, Cursor head, long seq, boolean rose) {
        // Where the position did not rise, another device has read further.
        CompletionStage<Long> position = rose
                ? CompletableFuture.completedStage(seq)
                : gateway.readPositions
                        .of(user, List.of(group))
                        .thenApply(all -> all.getOrDefault(group.channel(), seq));
        return position.thenCompose(at -> at >= head.seq()
                        ? CompletableFuture.completedStage(Digest.READ)
                        : gateway.digests.of(group, new Viewer(user, session.connection), head.seq(), at, false))
                .thenCompose(digest -> {
                    Result left = new Result.Marked(digest.unread(), digest.mentions());
                    return rose
                            ? tell(group, seq, digest).thenApply(told -> left)
                            : CompletableFuture.completedStage(left);
                });
    }

    private CompletionStage<Void> tell(Address.Group group, long seq, Digest left) {
        byte[] toDevices = FrameWriter.write(
                new ServerFrame.Receipt(group.channel(), user, seq, left.unread(), left.mentions(), null));
        gateway.receipts.tell(group, new ServerFrame.Receipt(group.channel(), user, seq));
        return gateway.publisher.ring(
                new Address.User(user), toDevices, new Stored(session.connection, List.of(), null));
    }
}
