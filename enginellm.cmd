@echo off
rem The launcher for Windows: needs the .NET 10 SDK and a graphics driver with Vulkan, which every current one brings.
setlocal
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
where dotnet >nul 2>nul || (echo enginellm: needs the .NET 10 SDK: install it from https://dotnet.microsoft.com/download 1>&2 & exit /b 1)

set rest=
for /f "tokens=1,*" %%a in ("%*") do set rest=%%b
if /i "%~1"=="test" goto test
if /i "%~1"=="shaders" goto shaders

dotnet build "%~dp0src\EngineLlm.Cli" -c Release -v quiet -nologo 1>&2 <nul || exit /b 1
dotnet "%~dp0.artifacts\bin\EngineLlm.Cli\release\EngineLlm.Cli.dll" %*
exit /b %ERRORLEVEL%

:test
dotnet test "%~dp0EngineLlm.sln" --nologo %rest%
exit /b %ERRORLEVEL%

:shaders
cd /d "%~dp0"
dotnet run --project src\EngineLlm.ShaderCompiler -c Release -v quiet -- %rest%
exit /b %ERRORLEVEL%
