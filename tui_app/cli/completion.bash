# Completion of roledeck for bash. Into ~/.bashrc:  eval "$(roledeck completion bash)"
@TABLE@

# Put every line of stdin that begins with $word into COMPREPLY, quoted for where the cursor is.
_roledeck_matching() {
    local name rest
    while IFS= read -r name; do
        name=${name%%$'\t'*}
        [[ -n $name && "${name:0:${#word}}" == "$word" ]] || continue
        rest=${name:head}
        case $quote in
        \') rest=${rest//\'/"'\\''"} ;;
        \")
            rest=${rest//\\/"\\\\"}
            rest=${rest//\"/'\"'}
            rest=${rest//\$/'\$'}
            rest=${rest//\`/'\`'}
            ;;
        *) printf -v rest %q "$rest" ;;
        esac
        COMPREPLY[${#COMPREPLY[@]}]=$rest
    done
}

_roledeck() {
    local line=${COMP_LINE:0:COMP_POINT} word= raw= quote= char next head=0 i REPLY
    local -a words
    words=()
    COMPREPLY=()
    # the words as the shell would read them; readline takes what stands before `head` for a word of its own
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ $quote == \' ]]; then
            raw+=$char
            if [[ $char == \' ]]; then quote= head=${#word}; else word+=$char; fi
        elif [[ $char == \\ ]]; then
            next=${line:i+1:1}
            raw+=$char$next
            case $quote$next in
            '"'[\"\\\$\`]) word+=$next ;;
            '"'*) word+=\\$next ;;
            *) word+=$next ;;
            esac
            i=$((i + 1))
        elif [[ $quote == \" ]]; then
            raw+=$char
            if [[ $char == \" ]]; then quote= head=${#word}; else word+=$char; fi
        elif [[ $char == [\"\'] ]]; then
            raw+=$char quote=$char head=${#word}
        elif [[ $char == [[:space:]] ]]; then
            [[ -z $raw ]] || words[${#words[@]}]=$word
            word= raw= head=0
        else
            raw+=$char word+=$char
            [[ $COMP_WORDBREAKS != *"$char"* ]] || head=${#word}
        fi
    done

    local command= demo= wanted= after= position=1
    for ((i = 1; i < ${#words[@]}; i++)); do
        next=${words[i]}
        if [[ -n $after ]]; then
            after=$((after + 1))
        elif [[ -n $wanted ]]; then
            wanted=
        elif [[ $next == -- ]]; then
            after=0
        elif [[ $next == -* ]]; then
            _roledeck_kind "$command $next"
            [[ -z $REPLY ]] || wanted=$next
        elif [[ -z $command && $next == demo && -z $demo ]]; then
            demo=1
        elif [[ -z $command ]]; then
            command=$next
        else
            position=$((position + 1))
        fi
    done

    if [[ -n $after && $command == exec ]]; then
        if [[ $after == 0 ]]; then _roledeck_matching < <(compgen -c -- "$word" | sort -u); else compopt -o default 2>/dev/null; fi
        return 0
    fi
    if [[ -n $wanted ]]; then
        _roledeck_kind "$command $wanted"
        next="$command $wanted"
    elif [[ -z $after && $word == -* ]]; then
        _roledeck_matching < <(_roledeck_list "$command")
        return 0
    elif [[ -z $command ]]; then
        if [[ -n $demo ]]; then next=demo; else next=commands; fi
        _roledeck_matching < <(_roledeck_list "$next")
        return 0
    else
        next="$command $position"
        _roledeck_kind "$next"
        [[ -n $REPLY ]] || { _roledeck_kind "$command *"; next="$command *"; }
    fi
    case $REPLY in
    list) _roledeck_matching < <(_roledeck_list "$next") ;;
    roles) [[ -n $demo ]] || _roledeck_matching < <("${1/#~\//$HOME/}" ls --names 2>/dev/null </dev/null) ;;
    files) compopt -o default 2>/dev/null ;;
    esac
    return 0
}

complete -F _roledeck roledeck
