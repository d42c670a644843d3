package dev.parley.server.security.redis;

import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import dev.parley.server.security.Revocation;
import dev.parley.server.security.TokenStore;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Revocations and tickets in Redis. Any thread; stages complete on the link's loop.
 *
 * <p>{@code parley:{p}:revoked:<user>}, and the same with {@code /} and the digest of a token's id, hold when that was revoked, and expire with the tokens. The
 * stream {@code parley:revocations} has them in their order, for those who were out of reach when they were told. {@code parley:{p}:ticket:<digest>} holds a token.
 */
public final class RedisTokens implements TokenStore {
    private static final String TOLD = "parley:revocations";
    private static final Script BEGIN = Script.of(RedisTokens.class, "begin.lua");
    private static final int AT_ONCE = 1000;

    /** Two clocks that count the same time. */
    private static final int CLOCK_DRIFT_MILLIS = 10_000;

    private final RedisLink link;
    private final long began = System.nanoTime();

    public RedisTokens(RedisLink link) {
        this.link = link;
    }

    /** Who looks it up finds it before anybody is told of it. */
    @Override
    public CompletionStage<Void> revoke(Revocation revocation, Duration life) {
        String key = key(revocation.user(), revocation.tokenId());
        long over = Math.max(0, revocation.at() - life.toMillis());
        List<Object> entry =
                new ArrayList<>(List.of("MINID", "~", over, "*", "user", revocation.user(), "at", revocation.at()));
        if (revocation.tokenId() != null) {
            entry.addAll(List.of("token", revocation.tokenId()));
        }
        return link.send(Command.SET, key, revocation.at(), "PX", life.toMillis())
                .thenCompose(kept -> link.send(Command.XADD, TOLD, entry.toArray()))
                .thenCompose(told -> link.send(Command.PEXPIRE, TOLD, life.toMillis()))
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<List<Revocation>> of(String user, String tokenId) {
        List<String> keys = new ArrayList<>(List.of(key(user, null)));
        if (tokenId != null) {
            keys.add(key(user, tokenId));
        }
        return link.values(keys).thenApply(values -> {
            List<Revocation> found = new ArrayList<>(0);
            if (values.get(0) != null) {
                found.add(new Revocation(user, null, values.get(0).toLong()));
            }
            if (tokenId != null && values.get(1) != null) {
                found.add(new Revocation(user, tokenId, values.get(1).toLong()));
            }
            return found;
        });
    }

    @Override
    public CompletionStage<Told> since(String place) {
        if (place == null) {
            // Nobody was let in before this process began; who was since may be concerned, though Redis was out of
            // reach right after.
            long alive = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + CLOCK_DRIFT_MILLIS;
            return link.send(BEGIN.call().key(TOLD).arg(alive)).thenCompose(begin -> since(begin.toString()));
        }
        return link.send(Command.XRANGE, TOLD, "(" + place, "+", "COUNT", AT_ONCE)
                .thenApply(entries -> told(entries, place));
    }

    @Override
    public CompletionStage<Void> issue(String ticket, String token) {
        return link.send(Command.SET, ticketKey(ticket), token, "PX", TICKET.toMillis())
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<String> redeem(String ticket) {
        return link.send(Command.GETDEL, ticketKey(ticket)).thenApply(token -> Objects.toString(token, null));
    }

    private static Told told(Response entries, String from) {
        List<Revocation> revocations = new ArrayList<>();
        String upTo = from;
        for (Response entry : entries) {
            upTo = entry.get(0).toString();
            revocations.add(revocation(entry.get(1)));
        }
        return new Told(revocations, upTo);
    }

    private static Revocation revocation(Response fields) {
        String user = null;
        String tokenId = null;
        long at = 0;
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String value = fields.get(i + 1).toString(StandardCharsets.UTF_8);
            switch (fields.get(i).toString()) {
                case "user" -> user = value;
                case "token" -> tokenId = value;
                case "at" -> at = Long.parseLong(value);
                default -> {} // of a newer build
            }
        }
        return new Revocation(user, tokenId, at);
    }

    /** No user's id has a slash. */
    private static String key(String user, String tokenId) {
        return Keys.of("user/" + user, "revoked", tokenId == null ? user : user + '/' + digest(tokenId));
    }

    /** Who may look at the keys does not see tickets that are good. */
    private static String ticketKey(String ticket) {
        String name = digest(ticket);
        return Keys.of(name, "ticket", name);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
