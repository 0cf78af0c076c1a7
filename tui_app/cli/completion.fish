# Completion of roledeck for fish. Into ~/.config/fish/config.fish:  roledeck completion fish | source
@TABLE@

function __roledeck_complete
    set -l tokens (commandline -opc)
    set -l current (commandline -ct)
    set -l command ''
    set -l demo ''
    set -l wanted ''
    set -l place ''
    set -l position 1
    for number in (seq 2 (count $tokens))
        set -l token $tokens[$number]
        if test -n "$wanted"
            set wanted ''
        else if test "$token" = --
            if test "$command" = exec
                complete -C (string join ' ' -- (string escape -- $tokens[(math $number + 1)..-1]) $current)
                return
            end
        else if string match -q -- '-*' $token
            test -z (__roledeck_kind "$command $token" | string collect; or true); or set wanted $token
        else if test -z "$command" -a -z "$demo" -a "$token" = demo
            set demo 1
        else if test -z "$command"
            set command $token
        else
            set position (math $position + 1)
        end
    end

    set -l kind ''
    if test -n "$wanted"
        set place "$command $wanted"
        set kind (__roledeck_kind $place)
    else if string match -q -- '-*' $current
        __roledeck_list "$command"
        return
    else if test -z "$command"
        test -n "$demo"; and __roledeck_list demo; or __roledeck_list commands
        return
    else
        set place "$command $position"
        set kind (__roledeck_kind $place)
        if test -z "$kind"
            set place "$command *"
            set kind (__roledeck_kind $place)
        end
    end
    switch "$kind"
        case list
            __roledeck_list $place
        case files
            __fish_complete_path $current
        case roles
            test -z "$demo"; and command -q $tokens[1]; and command $tokens[1] ls --names 2>/dev/null </dev/null
    end
end

complete -c roledeck -f -a '(__roledeck_complete)'
