package dev.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Which token the next {@code hello} carries, and whether there is another one when it is refused. Belongs to the loop. */
final class Credentials {
    private final Loop loop;
    private final Supplier<? extends CompletionStage<String>> supplier;
    private String token;
    /** The token was given by the server to a guest, who may come back as another one. */
    private boolean guest;
    /** No server has accepted the token yet, so asking for another one is not going to help. */
    private boolean untried;

    /**
     * @param token the token to begin with, or null
     * @param supplier where tokens come from, or null
     */
    Credentials(Loop loop, String token, Supplier<? extends CompletionStage<String>> supplier) {
        this.loop = loop;
        this.token = token;
        this.supplier = supplier;
        this.guest = token == null && supplier == null;
    }

    /** The token for a {@code hello}, on the loop; null for a guest's first. Fails as the supplier does. */
    CompletionStage<String> forHello() {
        return token != null || supplier == null ? CompletableFuture.completedFuture(token) : renew();
    }

    /** Whether {@link #renew} can be asked. */
    boolean renewable() {
        return supplier != null;
    }

    /** A new token from the supplier, on the loop. */
    CompletionStage<String> renew() {
        CompletableFuture<String> renewed = new CompletableFuture<>();
        CompletionStage<String> asked;
        try {
            asked = supplier.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((fresh, failure) -> loop.execute(() -> {
            if (failure != null) {
                renewed.completeExceptionally(failure);
            } else {
                token = fresh;
                untried = true;
                renewed.complete(fresh);
            }
        }));
        return renewed;
    }

    /** The server accepted the hello. */
    void welcomed(String given) {
        untried = false;
        if (given != null) {
            token = given;
        }
    }

    /**
     * The server refused the token.
     *
     * @return whether there is another one to come back with
     */
    boolean refused() {
        boolean another = guest ? token != null : supplier != null && !untried;
        if (another) {
            token = null;
        }
        return another;
    }
}
