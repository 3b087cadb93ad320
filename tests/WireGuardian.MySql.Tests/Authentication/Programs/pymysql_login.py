import os
import pymysql

tls = os.environ["AUTHORITY"]
connection = pymysql.connect(
    host="127.0.0.1", port=int(os.environ["PORT"]), user=os.environ["LOGIN"], password=os.environ["PASSWORD"],
    ssl={"ca": tls, "check_hostname": False} if tls else None, program_name="pymysql")
with connection.cursor() as cursor:
    cursor.execute("select user(), connection_id()")
    user, connection_id = cursor.fetchone()
    print(user, connection_id == connection.thread_id())
