package dev.parley.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of a test's own, made by the JDK's {@code keytool} in a directory that goes with the test: there is no key in the repository. */
public final class Authority {
    /** Of all key stores. */
    public static final String PASSWORD = "of no use";

    private static final char[] SECRET = PASSWORD.toCharArray();
    private static final String ROOT = "root";

    private final Path directory;
    private final Path store;

    /**
     * A new authority.
     *
     * @param directory exists, and is the authority's own
     */
    public Authority(Path directory) {
        this.directory = directory;
        this.store = directory.resolve("authority.p12");
        keytool("-alias", ROOT, "-dname", "CN=Authority of a test", "-ext", "bc:c", "-ext", "ku=keyCertSign");
    }

    /** Makes a certificate for a name, good for {@code localhost} and the loopback; gives a key store (PKCS 12) with it and its key. */
    public Path issue(String name) {
        keytool("-alias", name, "-dname", "CN=" + name, "-signer", ROOT, "-ext", "san=dns:localhost,ip:127.0.0.1");
        try {
            KeyStore its = empty();
            KeyStore all = read(store);
            its.setKeyEntry(name, all.getKey(name, SECRET), SECRET, all.getCertificateChain(name));
            return write(its, name + ".p12");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A trust store (PKCS 12) of the authority's own certificate alone. */
    public Path trust() {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry(ROOT, root());
            return write(trusted, "trust.p12");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's certificate as a file in PEM. */
    public Path rootInPem() {
        try {
            return pem("root.pem", "CERTIFICATE", List.of(root().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificates of a name as a file in PEM, its own first. */
    public Path certificateInPem(String name) {
        try {
            List<byte[]> chain = new ArrayList<>();
            for (Certificate each : read(store).getCertificateChain(name)) {
                chain.add(each.getEncoded());
            }
            return pem(name + ".pem", "CERTIFICATE", chain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key of a name as a file in PEM. */
    public Path keyInPem(String name) {
        try {
            Key key = read(store).getKey(name, SECRET);
            return pem(name + "-key.pem", "PRIVATE KEY", List.of(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What a client needs that trusts this authority alone.
     *
     * @param shown the key store of what the client shows of itself, or null
     */
    public SSLContext context(Path shown) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(shown == null ? empty() : read(shown), SECRET);
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(read(trust()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Certificate root() throws GeneralSecurityException {
        return read(store).getCertificate(ROOT);
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyStore read(Path file) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, SECRET);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(KeyStore keys, String name) throws GeneralSecurityException {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, SECRET);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path pem(String name, String type, List<byte[]> contents) {
        StringBuilder text = new StringBuilder();
        for (byte[] content : contents) {
            text.append("-----BEGIN ").append(type).append("-----\n");
            text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
            text.append("\n-----END ").append(type).append("-----\n");
        }
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
