namespace NurtureEngine.Postgres.Migrations;

/// <summary>The database's schema and this program do not go together; the message says what to do.</summary>
public sealed class SchemaException(string message) : Exception(message);
