// Made by `npm run api:types` from contracts/openapi.json. Not edited by hand.

export interface paths {
    "/api/v1/health/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description OK */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/csrf/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            csrf_token: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/preferences/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PreferencesPatch"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Preferences"];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/personas/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonaCard"][];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RoomRequest"];
                };
            };
            responses: {
                /** @description OK */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RoomOut"];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    room_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RoomOut"];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room_id}/ticket/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    room_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ticket: string;
                            expires_in: number;
                        };
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    offset?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CallSummary"][];
                            count: number;
                        };
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    call_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CallDetail"];
                    };
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    call_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Refused */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** CancelTts */
        CancelTts: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "cancel_tts";
        };
        /** EndCallRequest */
        EndCallRequest: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "end_call";
        };
        /** EndTurn */
        EndTurn: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "end_turn";
        };
        /** IceCandidate */
        IceCandidate: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ice-candidate";
            /** Candidate */
            candidate: string | null;
            /**
             * Sdpmid
             * @default null
             */
            sdpMid: string | null;
            /**
             * Sdpmlineindex
             * @default null
             */
            sdpMLineIndex: number | null;
            /**
             * Usernamefragment
             * @default null
             */
            usernameFragment: string | null;
        };
        /** MediaSettings */
        MediaSettings: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "media_settings";
            /** Echo Cancellation */
            echo_cancellation: boolean;
            /** Noise Suppression */
            noise_suppression: boolean;
            /** Auto Gain Control */
            auto_gain_control: boolean;
            /** Muted */
            muted: boolean;
            /**
             * Push To Talk
             * @default false
             */
            push_to_talk: boolean;
        };
        /** Offer */
        Offer: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "offer";
            /** Sdp */
            sdp: string;
            /**
             * Restart
             * @default false
             */
            restart: boolean;
        };
        /** Ping */
        Ping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
            /** At */
            at: number;
        };
        /** Playback */
        Playback: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playback";
            /**
             * State
             * @enum {string}
             */
            state: "started" | "blocked";
            /**
             * Playout Delay Ms
             * @default null
             */
            playout_delay_ms: number | null;
        };
        /** UserText */
        UserText: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "user_text";
            /** Text */
            text: string;
        };
        ClientMessage: components["schemas"]["Offer"] | components["schemas"]["IceCandidate"] | components["schemas"]["CancelTts"] | components["schemas"]["EndTurn"] | components["schemas"]["UserText"] | components["schemas"]["Playback"] | components["schemas"]["MediaSettings"] | components["schemas"]["EndCallRequest"] | components["schemas"]["Ping"];
        /** AgentState */
        AgentState: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "agent_state";
            /**
             * State
             * @enum {string}
             */
            state: "WAIT_FOR_USER" | "VALIDATING_UTTERANCE" | "PROCESSING_USER" | "AI_SPEAKING";
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /** At Ms */
            at_ms: number;
        };
        /** Answer */
        Answer: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "answer";
            /** Sdp */
            sdp: string;
        };
        /** CallEnded */
        CallEnded: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "call_ended";
            /** Reason */
            reason: string;
            /** Call Id */
            call_id: string;
        };
        /** ErrorMessage */
        ErrorMessage: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "error";
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Recoverable */
            recoverable: boolean;
            /**
             * Retry After
             * @default null
             */
            retry_after: number | null;
        };
        /** HistoryLine */
        HistoryLine: {
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Text */
            text: string;
            /** Turn Id */
            turn_id: string;
            /** At Ms */
            at_ms: number;
            /**
             * Heard Upto
             * @default null
             */
            heard_upto: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted: boolean;
        };
        /** IceServer */
        IceServer: {
            /** Urls */
            urls: string[];
            /**
             * Username
             * @default null
             */
            username: string | null;
            /**
             * Credential
             * @default null
             */
            credential: string | null;
        };
        /** Notice */
        Notice: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "notice";
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * PersonaCard
         * @description What a page shows of a persona.
         */
        PersonaCard: {
            /** Slug */
            slug: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
            /** Description */
            description: string;
            /** Shape */
            shape: string;
            /** Manner */
            manner: string;
            /** Manner Words */
            manner_words: string;
            /** Adjusted */
            adjusted: boolean;
            /** Voice Words */
            voice_words: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "conversation" | "interview";
            /** Version */
            version: number;
            /** Language */
            language: string;
            /** Silence Duration Ms */
            silence_duration_ms: number;
        };
        /** Pong */
        Pong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
            /** At */
            at: number;
            /** Server At Ms */
            server_at_ms: number;
        };
        /** Ready */
        Ready: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ready";
            /** Room Id */
            room_id: string;
            /** Call Id */
            call_id: string;
            persona: components["schemas"]["PersonaCard"];
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
            /** Resumed */
            resumed: boolean;
            /** History */
            history: components["schemas"]["HistoryLine"][];
            /** Silence Duration Ms */
            silence_duration_ms: number;
            /**
             * Stand Ins
             * @default []
             */
            stand_ins: string[];
        };
        /** SpeakingState */
        SpeakingState: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "speaking_state";
            /**
             * Speaker
             * @enum {string}
             */
            speaker: "user" | "agent";
            /** Speaking */
            speaking: boolean;
            /** At Ms */
            at_ms: number;
        };
        /** TranscriptLine */
        TranscriptLine: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "transcript";
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Text */
            text: string;
            /**
             * Utterance Id
             * @default null
             */
            utterance_id: string | null;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /** Final */
            final: boolean;
            /**
             * Heard Upto
             * @default null
             */
            heard_upto: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted: boolean;
            /**
             * At Ms
             * @default 0
             */
            at_ms: number;
        };
        /** TurnMetrics */
        TurnMetrics: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn_metrics";
            /** Turn Id */
            turn_id: string;
            /**
             * End Of Turn Ms
             * @default null
             */
            end_of_turn_ms: number | null;
            /**
             * Stt Ms
             * @default null
             */
            stt_ms: number | null;
            /**
             * Llm First Token Ms
             * @default null
             */
            llm_first_token_ms: number | null;
            /**
             * Tts First Audio Ms
             * @default null
             */
            tts_first_audio_ms: number | null;
            /**
             * First Sound Ms
             * @default null
             */
            first_sound_ms: number | null;
            /**
             * Reply Latency Ms
             * @default null
             */
            reply_latency_ms: number | null;
            /**
             * Voice To Voice Ms
             * @default null
             */
            voice_to_voice_ms: number | null;
            /**
             * Snr Db
             * @default null
             */
            snr_db: number | null;
            /**
             * Clipping Percent
             * @default null
             */
            clipping_percent: number | null;
        };
        ServerMessage: components["schemas"]["Ready"] | components["schemas"]["Answer"] | components["schemas"]["AgentState"] | components["schemas"]["SpeakingState"] | components["schemas"]["TranscriptLine"] | components["schemas"]["TurnMetrics"] | components["schemas"]["Notice"] | components["schemas"]["ErrorMessage"] | components["schemas"]["CallEnded"] | components["schemas"]["Pong"];
        ErrorBody: {
            detail: string;
            code: string;
            errors?: {
                [key: string]: string[];
            } | null;
        };
        Me: {
            user: {
                username: string;
                display_name: string;
            };
            preferences: components["schemas"]["Preferences"];
        };
        Preferences: {
            recording: boolean | null;
            silence_duration_ms: number | null;
            /** @enum {string} */
            theme: "system" | "light" | "dark";
        };
        PreferencesPatch: {
            recording?: boolean;
            silence_duration_ms?: number | null;
            /** @enum {string} */
            theme?: "system" | "light" | "dark";
        };
        RoomRequest: {
            persona: string;
        };
        RoomOut: {
            id: string;
            persona: components["schemas"]["PersonaCard"];
            ice_servers: components["schemas"]["IceServer"][];
        };
        CallSummary: {
            id: string;
            room_id: string;
            persona: components["schemas"]["PersonaCard"];
            /** @enum {string} */
            status: "live" | "lost" | "ended" | "abandoned";
            end_reason: string;
            /** Format: date-time */
            started_at: string;
            ended_at: string | null;
            duration_seconds: number;
            turn_count: number;
            interruption_count: number;
            median_reply_latency_ms: number | null;
            recording: boolean;
        };
        TurnLatencies: {
            end_of_turn_ms?: number | null;
            stt_ms?: number | null;
            llm_first_token_ms?: number | null;
            tts_first_audio_ms?: number | null;
            first_sound_ms?: number | null;
            reply_latency_ms?: number | null;
            voice_to_voice_ms?: number | null;
            snr_db?: number | null;
            clipping_percent?: number | null;
        };
        TurnOut: {
            turn_id: string;
            utterance_id: string | null;
            number: number;
            started_at: number;
            ended_at: number | null;
            transcript: string;
            planned_text: string;
            heard_text: string;
            interrupted: boolean;
            metrics: components["schemas"]["TurnLatencies"];
        };
        CallDetail: {
            id: string;
            room_id: string;
            persona: components["schemas"]["PersonaCard"];
            /** @enum {string} */
            status: "live" | "lost" | "ended" | "abandoned";
            end_reason: string;
            /** Format: date-time */
            started_at: string;
            ended_at: string | null;
            duration_seconds: number;
            turn_count: number;
            interruption_count: number;
            median_reply_latency_ms: number | null;
            recording: boolean;
            turns: components["schemas"]["TurnOut"][];
        };
        Health: {
            status: string;
            detail?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
