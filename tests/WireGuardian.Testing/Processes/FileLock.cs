namespace WireGuardian.Testing.Processes;

/// <summary>A lock between processes (flock), for what parallel test runs share: installs and templates.</summary>
public static class FileLock
{
    public static async Task<IDisposable> AcquireAsync(string path, TimeSpan? timeout = null)
    {
        var deadline = TimeProvider.System.GetUtcNow() + (timeout ?? TimeSpan.FromMinutes(5));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetUtcNow() < deadline)
            {
                await Task.Delay(100);
            }
        }
    }
}
