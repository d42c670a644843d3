package dev.parley.server.security;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.lang.JoseException;

/**
 * Reads the files of {@code parley.tokens.keys}: public keys and certificates in PEM, a JWK or a set of them. Called once, at the start; what cannot be used
 * stops it with a sentence.
 */
final class KeyFiles {
    private static final String PROPERTY = "parley.tokens.keys";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");

    private KeyFiles() {}

    /** The keys of all files. */
    static Keyring read(List<String> files) {
        Keyring all = Keyring.EMPTY;
        for (String file : files) {
            Keyring keys = read(file);
            if (keys.entries().isEmpty()) {
                throw wrong(
                        file,
                        "has no key for RS256 (RSA of 2048 bits or more), ES256 (P-256), EdDSA (Ed25519) or"
                                + " HS256 (a JWK)");
            }
            all = all.and(keys);
        }
        return all;
    }

    private static Keyring read(String file) {
        try {
            String text = Files.readString(Path.of(file));
            return text.stripLeading().startsWith("{") ? Keyring.ofJson(text, true) : pem(file, text);
        } catch (IOException | InvalidPathException e) {
            throw wrong(file, "cannot be read");
        } catch (JoseException | GeneralSecurityException e) {
            throw wrong(file, "is damaged: " + e.getMessage());
        }
    }

    private static Keyring pem(String file, String text) throws GeneralSecurityException {
        List<Keyring.Entry> entries = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            PublicKey key = switch (block.group(1)) {
                case PUBLIC_KEY -> publicKey(der);
                case CERTIFICATE ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey();
                default ->
                    throw wrong(
                            file,
                            "holds a " + block.group(1) + ", but only public keys and" + " certificates belong there");
            };
            Keyring.algorithmOf(key).ifPresent(algorithm -> entries.add(new Keyring.Entry(null, algorithm, key)));
        }
        return new Keyring(entries);
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException otherKind) {
                // The next one, then.
            }
        }
        throw new InvalidKeySpecException("a public key of an unknown kind");
    }

    private static ConfigurationException wrong(String file, String what) {
        return new ConfigurationException(PROPERTY + " names " + file + ", which " + what
                + ": give files with public keys or certificates in PEM, or a JWK or a set of them.");
    }
}
