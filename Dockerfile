# Builds wireguardian and wgctl and puts both into one small image.
#
#   docker build -t wireguardian .
#   docker run -v ./config:/etc/wireguardian:ro -v wireguardian-data:/var/lib/wireguardian -p 6432:6432 wireguardian
#
# The configuration's dataDirectory should be /var/lib/wireguardian, and its listeners should listen on 0.0.0.0.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/ src/
# Compiled ahead of time, so that the first connections do not wait for the just-in-time compiler.
RUN dotnet publish src/WireGuardian.Server -c Release -o /app/wireguardian --self-contained false --use-current-runtime -p:PublishReadyToRun=true \
 && dotnet publish src/WireGuardian.Cli -c Release -o /app/wgctl --self-contained false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# The image's own user "app" owns the data; nothing else of the image is writable for it.
RUN mkdir -p /var/lib/wireguardian /etc/wireguardian \
 && chown "$APP_UID" /var/lib/wireguardian \
 && chmod 700 /var/lib/wireguardian \
 && ln -s /app/wireguardian/wireguardian /usr/local/bin/wireguardian \
 && ln -s /app/wgctl/wgctl /usr/local/bin/wgctl
COPY --from=build /app/ /app/
USER $APP_UID
VOLUME /var/lib/wireguardian
# SIGTERM drains: give it longer than limits.drainTimeout (docker stop --time).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/wireguardian/wireguardian"]
CMD ["serve", "--config", "/etc/wireguardian/config.yaml", "--log", "json"]
