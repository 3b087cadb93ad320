import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What an application does, by MariaDB's JDBC driver with statements that the server prepares. */
public final class JdbcClient {
    public static void main(String[] arguments) throws SQLException {
        String url = "jdbc:mariadb://127.0.0.1:" + System.getenv("PORT") + "/" + System.getenv("DATABASE") + "?useServerPrepStmts=true&allowPublicKeyRetrieval=true";
        String large = System.getenv("LARGE");
        if (!large.isEmpty()) {
            url += "&useCompression=true";
        }
        try (Connection connection = DriverManager.getConnection(url, System.getenv("LOGIN"), System.getenv("PASSWORD"));
             Statement statement = connection.createStatement()) {
            if (!large.isEmpty()) {
                try (PreparedStatement prepared = connection.prepareStatement("SELECT ?")) {
                    prepared.setString(1, "y".repeat(Integer.parseInt(large)));
                    try (ResultSet rows = prepared.executeQuery()) {
                        rows.next();
                        System.out.println("large " + rows.getString(1).length());
                    }
                }
            }
            print("text", statement.executeQuery("SELECT ssn, email FROM people WHERE id = 1"));
            try (PreparedStatement prepared = connection.prepareStatement("SELECT ssn, email FROM people WHERE id = ?")) {
                prepared.setInt(1, 2);
                print("prepared", prepared.executeQuery());
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, 1, ?)")) {
                for (int id = 900; id < 903; id++) {
                    insert.setInt(1, id);
                    insert.setString(2, "lamp");
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.rollback();
            connection.setAutoCommit(true);
            try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM orders WHERE id >= 900")) {
                count.next();
                System.out.println("rolled back " + count.getInt(1));
            }
            try {
                statement.executeQuery("SELECT * FROM nowhere");
            } catch (SQLException error) {
                System.out.println("error " + error.getErrorCode());
            }
            statement.execute("DROP TABLE " + System.getenv("DOOMED"));
            System.out.println("dropped");
        }
    }

    private static void print(String what, ResultSet rows) throws SQLException {
        try (rows) {
            rows.next();
            System.out.println(what + " " + rows.getString(1) + " " + rows.getString(2));
        }
    }
}
