package dev.parley.server.security.memory;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.security.Revocation;
import dev.parley.server.security.TokenStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Revocations and tickets of a hub that is one process. Any thread; one lock, held for a few instructions; all stages are complete when they are returned. */
public final class MemoryTokens implements TokenStore {

    /** Each has a token of up to 8 KiB. */
    private static final int TICKETS_MAX = 10_000;

    private final Map<String, Kept<Revocation>> revoked = new LinkedHashMap<>();
    private final Map<String, Kept<String>> tickets = new LinkedHashMap<>();

    private record Kept<T>(T what, long until) {
        boolean isOver() {
            return System.nanoTime() - until >= 0;
        }
    }

    @Override
    public synchronized CompletionStage<Void> revoke(Revocation revocation, Duration life) {
        expire(revoked);
        String key = key(revocation.user(), revocation.tokenId());
        revoked.remove(key);
        revoked.put(key, new Kept<>(revocation, System.nanoTime() + life.toNanos()));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<List<Revocation>> of(String user, String tokenId) {
        List<Revocation> found = new ArrayList<>(0);
        add(found, key(user, null));
        if (tokenId != null) {
            add(found, key(user, tokenId));
        }
        return CompletableFuture.completedStage(found);
    }

    /** There is nobody else who could have said any. */
    @Override
    public CompletionStage<Told> since(String place) {
        return CompletableFuture.completedStage(new Told(List.of(), ""));
    }

    @Override
    public synchronized CompletionStage<Void> issue(String ticket, String token) {
        expire(tickets);
        if (tickets.size() >= TICKETS_MAX) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.RATE_LIMITED, "too many tickets are out; come back later"));
        }
        tickets.put(ticket, new Kept<>(token, System.nanoTime() + TICKET.toNanos()));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<String> redeem(String ticket) {
        Kept<String> kept = tickets.remove(ticket);
        return CompletableFuture.completedStage(kept == null || kept.isOver() ? null : kept.what);
    }

    private void add(List<Revocation> found, String key) {
        Kept<Revocation> kept = revoked.get(key);
        if (kept != null && !kept.isOver()) {
            found.add(kept.what);
        }
    }

    /** Those of a kind live equally long, so the first that stays has only such behind it. */
    private static <T> void expire(Map<String, Kept<T>> kept) {
        for (Iterator<Kept<T>> oldest = kept.values().iterator();
                oldest.hasNext() && oldest.next().isOver(); ) {
            oldest.remove();
        }
    }

    /** No user's id has a space. */
    private static String key(String user, String tokenId) {
        return tokenId == null ? user : user + ' ' + tokenId;
    }
}
