// A small SPARQL 1.1 Protocol and Graph Store server over Apache Jena's ARQ and TDB2, for the contract tests alone.
//
// Debian packages Jena without Fuseki, its own server. This one listens on loopback only, on a port that the system
// chooses and that it prints as its first line: /query, /update and /store, as Oxigraph's server names them.
// Run it with: java -cp JARS JenaServer.java FOLDER

import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;
import org.apache.jena.graph.*;
import org.apache.jena.query.*;
import org.apache.jena.riot.*;
import org.apache.jena.riot.resultset.ResultSetLang;
import org.apache.jena.riot.system.*;
import org.apache.jena.sparql.core.*;
import org.apache.jena.sparql.graph.GraphFactory;
import org.apache.jena.tdb2.TDB2Factory;
import org.apache.jena.update.*;

public class JenaServer {
    private static final long MOST_SECONDS = 60;
    private static final Map<String, Lang> TABLES = new LinkedHashMap<>();
    private static final Map<String, Lang> GRAPHS = new LinkedHashMap<>();

    private final Dataset dataset;

    private JenaServer(Dataset dataset) {
        this.dataset = dataset;
    }

    public static void main(String[] arguments) throws IOException {
        TABLES.put("application/sparql-results+json", ResultSetLang.RS_JSON);
        TABLES.put("application/sparql-results+xml", ResultSetLang.RS_XML);
        TABLES.put("text/tab-separated-values", ResultSetLang.RS_TSV);
        TABLES.put("text/csv", ResultSetLang.RS_CSV);
        GRAPHS.put("application/n-triples", Lang.NTRIPLES);
        GRAPHS.put("text/turtle", Lang.TURTLE);
        JenaServer server = new JenaServer(TDB2Factory.connectDataset(arguments[0]));
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.createContext("/", exchange -> server.handle(exchange));
        http.setExecutor(Executors.newFixedThreadPool(16));
        http.start();
        System.out.println(http.getAddress().getPort());
    }

    /** What a client did wrong. */
    private static class Refusal extends Exception {
        final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> answer(exchange, 200, "JenaServer");
                case "/query" -> query(exchange);
                case "/update" -> update(exchange);
                case "/store" -> store(exchange);
                default -> throw new Refusal(404, "there is nothing at this address");
            }
        } catch (Refusal error) {
            answer(exchange, error.status, error.getMessage());
        } catch (QueryParseException | RiotException error) {
            answer(exchange, 400, error.getMessage());
        } catch (Exception | StackOverflowError | OutOfMemoryError error) {
            answer(exchange, 500, error.getClass().getSimpleName() + ": " + error.getMessage());
        } finally {
            exchange.close();
        }
    }

    /** Answers with a text, unless the answer has begun: then only closing the connection can tell. */
    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        if (exchange.getResponseCode() != -1) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    // -- /query

    private void query(HttpExchange exchange) throws IOException, Refusal {
        Map<String, List<String>> words = words(exchange, "application/sparql-query", "query");
        Query query = QueryFactory.create(only(words, "query"));
        dataset.begin(ReadWrite.READ);
        try (QueryExecution execution = QueryExecutionFactory.create(query, seen(words))) {
            execution.setTimeout(MOST_SECONDS, TimeUnit.SECONDS);
            if (query.isSelectType()) {
                Lang form = wanted(exchange, TABLES);
                ResultSet rows = execution.execSelect();
                rows.hasNext(); // what fails at once can still be answered with a status of its own
                try (OutputStream out = begin(exchange, form)) {
                    ResultSetMgr.write(out, rows, form);
                }
            } else if (query.isAskType()) {
                Lang form = wanted(exchange, TABLES);
                boolean holds = execution.execAsk();
                try (OutputStream out = begin(exchange, form)) {
                    ResultSetMgr.write(out, holds, form);
                }
            } else {
                Lang form = wanted(exchange, GRAPHS);
                var triples = query.isConstructType() ? execution.execConstructTriples() : execution.execDescribeTriples();
                triples.hasNext();
                try (OutputStream out = begin(exchange, form)) {
                    StreamRDF writer = StreamRDFWriter.getWriterStream(out, form);
                    writer.start();
                    triples.forEachRemaining(writer::triple);
                    writer.finish();
                }
            }
        } finally {
            dataset.end();
        }
    }

    /** Returns the dataset that the protocol's own parameters describe, or all of it. */
    private Dataset seen(Map<String, List<String>> words) {
        DatasetDescription described = new DatasetDescription();
        described.addAllDefaultGraphURIs(words.getOrDefault("default-graph-uri", List.of()));
        described.addAllNamedGraphURIs(words.getOrDefault("named-graph-uri", List.of()));
        return described.isEmpty() ? dataset : DynamicDatasets.dynamicDataset(described, dataset, false);
    }

    // -- /update

    private void update(HttpExchange exchange) throws IOException, Refusal {
        Map<String, List<String>> words = words(exchange, "application/sparql-update", "update");
        if (words.containsKey("using-graph-uri") || words.containsKey("using-named-graph-uri")) {
            throw new Refusal(501, "using-graph-uri is not supported");
        }
        UpdateRequest request = UpdateFactory.create(only(words, "update"));
        written(() -> UpdateAction.execute(request, dataset));
        exchange.sendResponseHeaders(204, -1);
    }

    /** Runs a write in a transaction of its own: all of it or nothing. */
    private void written(Runnable write) {
        dataset.begin(ReadWrite.WRITE);
        try {
            write.run();
            dataset.commit();
        } catch (RuntimeException | Error failure) {
            dataset.abort();
            throw failure;
        } finally {
            dataset.end();
        }
    }

    // -- /store

    private void store(HttpExchange exchange) throws IOException, Refusal {
        Map<String, List<String>> words = decoded(exchange.getRequestURI().getRawQuery());
        boolean isDefault = words.containsKey("default");
        if (isDefault == words.containsKey("graph")) {
            throw new Refusal(400, "name a graph, or the default one");
        }
        Node name = isDefault ? null : NodeFactory.createURI(only(words, "graph"));
        switch (exchange.getRequestMethod()) {
            case "GET" -> show(exchange, name);
            case "PUT" -> fill(exchange, name, true);
            case "POST" -> fill(exchange, name, false);
            case "DELETE" -> {
                written(() -> empty(name));
                exchange.sendResponseHeaders(204, -1);
            }
            default -> throw new Refusal(405, "this method is not supported");
        }
    }

    private Graph graph(Node name) {
        return name == null ? dataset.asDatasetGraph().getDefaultGraph() : dataset.asDatasetGraph().getGraph(name);
    }

    private void empty(Node name) {
        if (name == null) {
            dataset.asDatasetGraph().getDefaultGraph().clear();
        } else {
            dataset.asDatasetGraph().removeGraph(name);
        }
    }

    private void show(HttpExchange exchange, Node name) throws IOException, Refusal {
        Lang form = wanted(exchange, GRAPHS);
        dataset.begin(ReadWrite.READ);
        try {
            if (name != null && !dataset.asDatasetGraph().containsGraph(name)) {
                throw new Refusal(404, "there is no such graph");
            }
            try (OutputStream out = begin(exchange, form)) {
                StreamRDF writer = StreamRDFWriter.getWriterStream(out, form);
                writer.start();
                graph(name).find().forEachRemaining(writer::triple);
                writer.finish();
            }
        } finally {
            dataset.end();
        }
    }

    private void fill(HttpExchange exchange, Node name, boolean anew) throws IOException, Refusal {
        Lang form = GRAPHS.get(kind(exchange));
        if (form == null) {
            throw new Refusal(415, "this format is not supported");
        }
        Graph given = GraphFactory.createDefaultGraph();
        RDFParser.source(exchange.getRequestBody()).lang(form)
            .errorHandler(ErrorHandlerFactory.errorHandlerStrictNoLogging).parse(given);
        written(() -> {
            if (anew) {
                empty(name);
            }
            GraphUtil.addInto(graph(name), given);
        });
        exchange.sendResponseHeaders(204, -1);
    }

    private static OutputStream begin(HttpExchange exchange, Lang form) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", form.getContentType().getContentTypeStr());
        exchange.sendResponseHeaders(200, 0);
        return new BufferedOutputStream(exchange.getResponseBody(), 1 << 16);
    }

    /** Returns the form that the client likes best of those there are. */
    private static Lang wanted(HttpExchange exchange, Map<String, Lang> forms) throws Refusal {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Accept", List.of("*/*"));
        Lang best = null;
        double most = 0;
        for (String part : String.join(",", headers).split(",")) {
            String[] words = part.trim().split(";");
            double weight = 1;
            for (String word : words) {
                weight = word.trim().startsWith("q=") ? Double.parseDouble(word.trim().substring(2)) : weight;
            }
            Lang found = words[0].trim().equals("*/*") ? forms.values().iterator().next() : forms.get(words[0].trim());
            if (found != null && weight > most) {
                best = found;
                most = weight;
            }
        }
        if (best == null) {
            throw new Refusal(406, "there are only: " + String.join(", ", forms.keySet()));
        }
        return best;
    }

    private static String kind(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Content-Type");
        return given == null ? "" : given.split(";")[0].trim();
    }

    /** Returns the parameters of a request: of its address, and of its body, be that a form or the text itself. */
    private static Map<String, List<String>> words(HttpExchange exchange, String direct, String name)
            throws IOException, Refusal {
        Map<String, List<String>> words = decoded(exchange.getRequestURI().getRawQuery());
        if (exchange.getRequestMethod().equals("POST")) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (kind(exchange).equals("application/x-www-form-urlencoded")) {
                decoded(body).forEach((key, values) -> words.computeIfAbsent(key, k -> new ArrayList<>()).addAll(values));
            } else if (kind(exchange).equals(direct)) {
                words.computeIfAbsent(name, k -> new ArrayList<>()).add(body);
            } else {
                throw new Refusal(415, "send a form or " + direct);
            }
        } else if (!exchange.getRequestMethod().equals("GET") || name.equals("update")) {
            throw new Refusal(405, "this method is not supported");
        }
        return words;
    }

    private static Map<String, List<String>> decoded(String text) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
            words.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), k -> new ArrayList<>()).add(value);
        }
        return words;
    }

    private static String only(Map<String, List<String>> words, String name) throws Refusal {
        List<String> found = words.getOrDefault(name, List.of());
        if (found.size() != 1) {
            throw new Refusal(400, "give " + name + " once");
        }
        return found.get(0);
    }
}
