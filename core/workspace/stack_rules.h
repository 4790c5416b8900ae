// Which files tell a language or build system, and the commands that these suggest. Source: spec "workspace",
// Projects; the tools' own documentation for the commands. Data only.
#pragma once

#include <array>
#include <string_view>

namespace muster {

struct StackRule {
    std::string_view id;
    std::string_view markers;  // file names at the top, first is the most telling; '*' matches any beginning
    std::string_view suffixes; // of source files, to find the dominant one
    std::string_view setup;    // commands, one per line
    std::string_view gates;
};

inline constexpr std::array kStackRules{
    StackRule{"rust", "Cargo.toml", ".rs", "cargo fetch", "cargo build\ncargo test"},
    StackRule{"node", "package.json tsconfig.json", ".ts .tsx .js .jsx .mjs .vue .svelte", "npm ci",
              "npm test"},
    StackRule{"go", "go.mod", ".go", "go mod download", "go build ./...\ngo vet ./...\ngo test ./..."},
    StackRule{"python", "pyproject.toml setup.py requirements.txt setup.cfg", ".py", "python3 -m venv .venv",
              "python3 -m pytest"},
    StackRule{"ruby", "Gemfile", ".rb", "bundle install", "bundle exec rake"},
    StackRule{"maven", "pom.xml", ".java .kt", "", "mvn -q verify"},
    StackRule{"gradle", "build.gradle build.gradle.kts settings.gradle settings.gradle.kts",
              ".java .kt .groovy", "", "./gradlew check"},
    StackRule{"cmake", "CMakeLists.txt", ".c .cc .cpp .cxx .h .hpp", "cmake -B build",
              "cmake --build build\nctest --test-dir build --output-on-failure"},
    StackRule{"meson", "meson.build", ".c .cc .cpp .h .vala", "meson setup build", "meson test -C build"},
    StackRule{"autotools", "configure.ac configure", ".c .cc .cpp .h", "./configure", "make\nmake check"},
    StackRule{"make", "Makefile GNUmakefile", ".c .cc .cpp .h", "", "make"},
    StackRule{"dotnet", "*.sln *.csproj *.fsproj", ".cs .fs .vb", "dotnet restore",
              "dotnet build\ndotnet test"},
    StackRule{"php", "composer.json", ".php", "composer install", "vendor/bin/phpunit"},
    StackRule{"elixir", "mix.exs", ".ex .exs", "mix deps.get", "mix test"},
    StackRule{"swift", "Package.swift", ".swift", "", "swift build\nswift test"},
    StackRule{"dart", "pubspec.yaml", ".dart", "dart pub get", "dart analyze\ndart test"},
    StackRule{"haskell", "stack.yaml cabal.project *.cabal", ".hs", "", "cabal test"},
    StackRule{"perl", "Makefile.PL Build.PL cpanfile", ".pl .pm .t", "", "prove -lr t"},
};

} // namespace muster
