import java.io.*;
import java.sql.*;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** COPY by JDBC's CopyManager, in both directions. */
public class JdbcCopy {
    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE") + "?sslmode=disable";
        try (Connection connection = DriverManager.getConnection(url, System.getenv("PGUSER"), System.getenv("PGPASSWORD"))) {
            connection.setAutoCommit(false);
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            StringWriter one = new StringWriter();
            copies.copyOut("COPY (SELECT id, ssn, salary::int FROM people WHERE id = 15) TO STDOUT CSV", one);
            System.out.println(one.toString().trim().replace(",", " "));
            StringWriter everything = new StringWriter();
            System.out.println(copies.copyOut("COPY people TO STDOUT", everything) + " rows");
            if (everything.toString().contains("secret")) throw new IllegalStateException("a row that is not masked");
            System.out.println("loaded " + copies.copyIn("COPY loaded (id, ssn) FROM STDIN", new StringReader("7\tx\n")));
            connection.rollback();
        }
    }
}
