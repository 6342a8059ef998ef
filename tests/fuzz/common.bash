# shellcheck shell=bash
# Sourced by run, coverage and long.d/fuzz, which set root to the folder of the clone.
: "${root:?}"

targets_in() { # targets_in BUILD: the fuzz targets built there, a name a line
    local target
    for target in "$1"/tests/fuzz/fuzz_*; do
        if [ -f "$target" ] && [ -x "$target" ]; then basename "$target"; fi
    done
}

seeds_of() { # seeds_of NAME: the folders of its seeds, a line each
    local folder
    printf '%s\n' "$root/tests/fuzz/corpus/$1"
    [ -e "$root/tests/fuzz/corpus/$1.also" ] || return 0
    while read -r folder; do printf '%s\n' "$root/tests/$folder"; done <"$root/tests/fuzz/corpus/$1.also"
}

dictionary_of() { # dictionary_of NAME: its path, nothing when it has none
    local path=$root/tests/fuzz/dictionaries/$1.dict
    [ -e "$path" ] && printf '%s\n' "$path"
}

# Longer inputs find little that shorter ones do not, and cost more.
longest_of() {
    case $1 in
    fuzz_bot_* | fuzz_commands_* | fuzz_mattermost_text) echo 400 ;;
    fuzz_slack_text) echo 600 ;;
    *) echo 3000 ;;
    esac
}
