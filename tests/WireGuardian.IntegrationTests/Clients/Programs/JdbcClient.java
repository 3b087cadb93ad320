import java.sql.*;
import java.util.*;

/** The same by JDBC: server-side prepared statements from the first use on, a fetch size, a batch, metadata. */
public class JdbcClient {
    public static void main(String[] arguments) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE")
            + "?sslmode=disable&prepareThreshold=1&binaryTransfer=true";
        try (Connection connection = DriverManager.getConnection(url, System.getenv("PGUSER"), System.getenv("PGPASSWORD"))) {
            try (PreparedStatement one = connection.prepareStatement("SELECT ssn, salary, born FROM people WHERE id = ?")) {
                for (int time = 0; time < 7; time++) {
                    one.setInt(1, 1);
                    try (ResultSet row = one.executeQuery()) {
                        row.next();
                        if (time == 6) System.out.println(row.getString(1) + " " + row.getBigDecimal(2).intValue() + " " + row.getDate(3));
                    }
                }
            }
            connection.setAutoCommit(false);
            try (PreparedStatement all = connection.prepareStatement("SELECT id, ssn FROM people ORDER BY id")) {
                all.setFetchSize(2);
                List<Integer> ids = new ArrayList<>();
                try (ResultSet rows = all.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getInt(1));
                        if (!rows.getString(2).matches("\\*+")) throw new IllegalStateException("a row that is not masked");
                    }
                }
                System.out.println(ids);
            }
            try (PreparedStatement update = connection.prepareStatement("UPDATE people SET ssn = ? WHERE id = ?")) {
                for (int id = 101; id < 103; id++) {
                    update.setString(1, "x");
                    update.setInt(2, id);
                    update.addBatch();
                }
                update.executeBatch();
            }
            connection.commit();
            try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT ssn || '' FROM people WHERE id = 1")) {
                row.next();
                System.out.println(row.getString(1));
            }
            try (ResultSet columns = connection.getMetaData().getColumns(null, "public", "people", "%")) {
                List<String> names = new ArrayList<>();
                while (columns.next()) names.add(columns.getString("COLUMN_NAME") + ":" + columns.getString("TYPE_NAME"));
                System.out.println(names);
            }
        }
    }
}
