package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Range;
import dev.parley.server.trace.Tracing;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The live channels of this instance: one for each channel that at least one connection here follows. Any thread. */
@Singleton
public final class LiveChannels {
    /** What all channels together may hold of entries heard and not handed on yet, as a part of the heap. */
    private static final int HEAP_SHARE = 8;

    private final ChannelLog log;
    private final Counters counters;
    private final Tracing tracing;
    private final Audit audit;
    private final Ration ration = new Ration(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    private final Map<String, LiveChannel> live = new ConcurrentHashMap<>();
    private final Map<EventLoop, Fanout> fanouts = new ConcurrentHashMap<>();
    private volatile BiConsumer<String, byte[]> presence = (channel, change) -> {};

    LiveChannels(ChannelLog log, Counters counters, Tracing tracing, Vertx vertx) {
        this.log = log;
        this.counters = counters;
        this.tracing = tracing;
        this.audit = new Audit(log, vertx, this::all);
    }

    /** Who hears changes of presence: the channel's name and the bytes given to {@link Event#presence}. Set once at the start; called on event loops. */
    public void onPresence(BiConsumer<String, byte[]> listener) {
        presence = listener;
    }

    /** The highest place this instance knows of in a channel, or null. */
    public Cursor known(String channel) {
        LiveChannel its = live.get(channel);
        return its == null ? null : its.known();
    }

    /** The channels that connections of this instance follow, as they are now, those with news first. */
    public List<Active> active(int most) {
        return newestFirst(live.values().stream())
                .filter(channel -> channel.known() != null)
                .limit(most)
                .map(channel -> new Active(channel.name, channel.known()))
                .toList();
    }

    /** Those with the newest entries first, by when these came up to now: what goes on coming must not change the order while it is looked for. */
    static Stream<LiveChannel> newestFirst(Stream<LiveChannel> channels) {
        record Seen(LiveChannel channel, long activeAt) {}
        return channels.map(channel -> new Seen(channel, channel.activeAt()))
                .sorted((one, other) -> Long.signum(other.activeAt - one.activeAt))
                .map(Seen::channel);
    }

    /**
     * A followed channel and its newest place.
     *
     * @param channel its name
     * @param head the highest place known here
     */
    public record Active(String channel, Cursor head) {}

    /** Where those who follow a channel here stand. */
    public CompletionStage<List<Standing>> standings(String channel) {
        List<CompletableFuture<List<Standing>>> loops = new ArrayList<>();
        for (Fanout fanout : fanouts.values()) {
            CompletableFuture<List<Standing>> its = new CompletableFuture<>();
            loops.add(its);
            fanout.loop.execute(() -> {
                Followers followers = fanout.known(channel);
                its.complete(followers == null ? List.of() : followers.standings());
            });
        }
        return CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        loops.stream().flatMap(its -> its.join().stream()).toList());
    }

    /**
     * Who does not get an entry, as far as it says so itself.
     *
     * @return empty where it is not kept any more
     */
    public CompletionStage<Optional<Stored>> headerOf(String channel, long seq) {
        return log.read(Range.after(channel, seq - 1, 1))
                .thenApply(slice -> slice.entries().stream()
                        .filter(entry -> entry.seq() == seq)
                        .findFirst()
                        .map(entry -> Stored.headerOf(entry.bytes())));
    }

    /** How many channels are followed by connections of this instance. */
    public int count() {
        return live.size();
    }

    /**
     * Writes a frame of who comes and goes to those of this instance's connections that follow the channel now and may see that.
     *
     * @param channel the channel's name
     * @param frame a server frame's JSON
     * @param who who does not get it
     */
    public void emit(String channel, byte[] frame, Stored who) {
        LiveChannel its = live.get(channel);
        if (its != null) {
            its.event(Event.sight(who, frame));
        }
    }

    ChannelLog log() {
        return log;
    }

    Counters counters() {
        return counters;
    }

    Tracing tracing() {
        return tracing;
    }

    Ration ration() {
        return ration;
    }

    Fanout fanout(EventLoop loop) {
        // Every loop on which Netty has sockets is of this class.
        return fanouts.computeIfAbsent(loop, its -> new Fanout((SingleThreadEventLoop) its, this));
    }

    /** A loop has its first follower of a channel. */
    Followers register(String name, Fanout fanout) {
        LiveChannel channel = live.compute(name, (key, present) -> {
            LiveChannel its = present;
            if (its == null) {
                its = new LiveChannel(name, fanout.loop, this);
                its.open();
            }
            its.loops++;
            return its;
        });
        // All on this loop share the one name.
        Followers followers = new Followers(channel.name, fanout, channel);
        channel.addLoop(followers);
        return followers;
    }

    /** A loop has no follower of a channel any more. */
    void unregister(Followers followers) {
        followers.live.removeLoop(followers);
        live.computeIfPresent(followers.channel, (name, present) -> {
            if (--present.loops > 0) {
                return present;
            }
            present.close();
            return null;
        });
    }

    void auditSoon(LiveChannel channel) {
        audit.soon(channel);
    }

    void presenceChanged(String channel, byte[] change) {
        presence.accept(channel, change);
    }

    private Collection<LiveChannel> all() {
        return Collections.unmodifiableCollection(live.values());
    }

    @PreDestroy
    void stop() {
        audit.stop();
    }
}
